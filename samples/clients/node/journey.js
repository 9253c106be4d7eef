// A supplier's first journey in JavaScript. It needs a Development server:
//   dotnet run --project src/FhirCarePlan.Server
//   cd samples/clients/node && npm ci && node journey.js http://localhost:5080 ../../tour
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'fhir-kit-client';
import * as cpa from './cpa.js';

const [server = 'http://localhost:5080', tour = '../../tour'] = process.argv.slice(2);

/** A client with a persona's token. A real client asks its provider, and again before the token ends. */
async function as(persona) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: persona, client_secret: 'any' });
  const answer = await fetch(`${server}/dev/token`, { method: 'POST', body: form });
  const { access_token: bearerToken } = await answer.json();
  return new Client({ baseUrl: `${server}/fhir`, bearerToken, customHeaders: { Prefer: 'return=representation' } });
}

const sample = async file => JSON.parse(await readFile(join(tour, file), 'utf8'));
const refusal = async promise => promise.then(() => assert.fail('it should have been refused'), refused => refused);
const [coordinator, housing, outsider] = await Promise.all(['care-coordinator', 'housing-officer', 'outsider'].map(as));

// 1. Read a plan that the co-ordinator sees all of.
const plan = cpa.view(await coordinator.read({ resourceType: 'CarePlan', id: 'robin-plan' }), {
  whole: whole => whole,
  partial: () => assert.fail('the co-ordinator should see all of it'),
});
console.log(`care co-ordinator ${cpa.careCoordinator(plan).display}, next review ${cpa.nextReview(plan)}, crisis plan ${cpa.crisisPlan(plan).reference}`);
for (const { party, agreed } of cpa.agreements(plan)) console.log(`agreed by ${party}: ${agreed}`);

// 2. Search, page by page, and sort the needs by domain.
const needs = {};
for (let page = await coordinator.search({ resourceType: 'Condition', searchParams: { patient: 'robin', _count: 2 } }); page;
  page = await coordinator.nextPage({ bundle: page }))
  for (const { resource } of page.entry ?? [])
    if (cpa.needDomain(resource)) (needs[cpa.needDomain(resource)] ??= []).push(`${resource.code.text} (${cpa.needStatus(resource)})`);
for (const [domain, texts] of Object.entries(needs)) console.log(`need ${domain}: ${texts.join(', ')}`);
assert.ok(needs.accommodation);

// 3. Somebody else sees a part and must be told so.
console.log(cpa.view(await housing.read({ resourceType: 'CarePlan', id: 'robin-plan' }), {
  whole: () => assert.fail('the housing officer should not see all of it'),
  partial: (_, notice) => `housing sees a part; not told about: ${notice.categories.join(', ')}`,
}));
const hidden = await refusal(outsider.read({ resourceType: 'CarePlan', id: 'robin-plan' }));
console.log(`for an outsider it does not exist: ${hidden.response.status === 404}`);

// 4. Create: a broken rule comes back by its id.
const broken = await refusal(coordinator.create({ resourceType: 'CarePlan', body: await sample('care-plan-without-crisis-plan.json') }));
console.log(`refused: ${cpa.rules(broken).join(', ')}`);
assert.deepEqual(cpa.rules(broken), ['cpa-cp-4']);
const stored = await coordinator.create({ resourceType: 'CarePlan', body: await sample('care-plan.json') });
console.log(`stored as CarePlan/${stored.id}`);

// 5. Change: say which version you change. With another one it is 412, and you read again.
const update = (resource, version) => coordinator.update({
  resourceType: 'CarePlan', id: resource.id, body: resource, options: { headers: { 'If-Match': `W/"${version}"` } },
});
const first = stored.meta.versionId;
const day = new Date(cpa.lastReview(stored));
day.setMonth(day.getMonth() + 6);
cpa.setNextReview(stored, day.toISOString().slice(0, 10));
const changed = await update(stored, first);
console.log(`next review is now ${cpa.nextReview(changed)}`);
assert.equal((await refusal(update(stored, first))).response.status, 412);
const history = await coordinator.history({ resourceType: 'CarePlan', id: stored.id });
console.log(`versions: ${history.entry.length}`);
assert.equal(history.entry.length, 2);
