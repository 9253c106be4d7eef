// One read and one create with the types that openapi-typescript generates: node dist/journey.js http://localhost:5080
import createClient from "openapi-fetch";
import type { components, paths } from "./fhir.js";

type Condition = components["schemas"]["Condition"];

const base = (process.argv[2] ?? "http://localhost:5080").replace(/\/$/, "");
const answer = await fetch(`${base}/dev/token`, {
  method: "POST",
  body: new URLSearchParams({ grant_type: "client_credentials", client_id: "gp" }),
});
const { access_token } = (await answer.json()) as { access_token: string };
const client = createClient<paths, "application/fhir+json">({
  baseUrl: base,
  headers: { Authorization: `Bearer ${access_token}`, "Content-Type": "application/fhir+json", Accept: "application/fhir+json" },
});

const plan = (await client.GET("/fhir/CarePlan/{id}", { params: { path: { id: "robin-plan" } } })).data!;
console.log(`${plan.title}: ${plan.status}, ${plan.activity?.length ?? 0} activities`);

const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const hayFever: Condition = {
  resourceType: "Condition",
  clinicalStatus: coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
  verificationStatus: coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
  category: [coded("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item")],
  code: { text: "Hay fever" },
  subject: { reference: "Patient/robin" },
  onsetDateTime: "2019",
};
const stored = (await client.POST("/fhir/Condition", { body: hayFever })).data!;
const read = (await client.GET("/fhir/Condition/{id}", { params: { path: { id: stored.id! } } })).data!;
console.log(`stored and read: ${read.code?.text}, since ${read.onsetDateTime}`);

const refused = await client.GET("/fhir/Condition/{id}", { params: { path: { id: "nobody-has-this" } } });
console.log(`refused with ${refused.response.status}: ${refused.error?.issue[0]?.code}`);
