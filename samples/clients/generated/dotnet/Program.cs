using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Samples.Generated;

// One read and one create with the client that NSwag generates from the OpenAPI document: Generated http://localhost:5080
using var http = new HttpClient { BaseAddress = new Uri(args[0].TrimEnd('/') + "/") };
using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "gp" });
using var answer = await http.PostAsync("dev/token", form);
var token = await answer.Content.ReadFromJsonAsync<JsonObject>();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token!["access_token"]!);
var client = new CpaClient(http);

var plan = await client.ReadCarePlanAsync("robin-plan");
Console.WriteLine($"{plan.Title}: {plan.Status}, {plan.Activity?.Count ?? 0} activities");

var stored = await client.CreateConditionAsync(new Condition
{
    ResourceType = ConditionResourceType.Condition,
    ClinicalStatus = Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
    VerificationStatus = Coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"),
    Category = [Coded("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item")],
    Code = new CodeableConcept { Text = "Hay fever" },
    Subject = new Reference { Reference1 = "Patient/robin" },
    OnsetDateTime = "2019",
});
var read = await client.ReadConditionAsync(stored.Id!);
Console.WriteLine($"stored and read: {read.Code?.Text}, since {read.OnsetDateTime}");

try
{
    await client.ReadConditionAsync("nobody-has-this");
}
catch (ApiException<OperationOutcome> refused)
{
    Console.WriteLine($"refused with {refused.StatusCode}: {refused.Result.Issue.First().Code}");
}

static CodeableConcept Coded(string system, string code) => new() { Coding = [new Coding { System = system, Code = code }] };
