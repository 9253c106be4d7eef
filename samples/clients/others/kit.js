// https://github.com/Vermonster/fhir-kit-client
import assert from 'node:assert/strict';
import { Client } from 'fhir-kit-client';
import { refused } from './stray.js';

export async function kit({ base, token, run, tokenOf }) {
  const client = new Client({ baseUrl: base, bearerToken: token });
  const goal = text => ({ resourceType: 'Goal', lifecycleStatus: 'active', description: { text }, subject: { reference: 'Patient/robin' } });
  const headers = more => ({ headers: more });
  return {
    'capability statement': async () => assert.equal((await client.capabilityStatement()).fhirVersion, '4.0.1'),
    'SMART configuration': async () => assert.ok((await client.smartAuthMetadata()).tokenUrl),
    read: async () => assert.equal((await client.read({ resourceType: 'Patient', id: 'robin' })).id, 'robin'),
    'read of nothing is 404': async () => {
      const error = await refused(client.read({ resourceType: 'Patient', id: 'nobody' }));
      assert.equal(error.response.status, 404);
      assert.equal(error.response.data.resourceType, 'OperationOutcome');
    },
    vread: async () => {
      const { meta } = await client.read({ resourceType: 'CarePlan', id: 'robin-plan' });
      assert.equal((await client.vread({ resourceType: 'CarePlan', id: 'robin-plan', version: meta.versionId })).meta.versionId, meta.versionId);
    },
    search: async () => {
      const found = await client.search({ resourceType: 'Condition', searchParams: { patient: 'robin', _count: 2 } });
      assert.equal(found.type, 'searchset');
      assert.ok(found.total >= 5 && found.entry.length === 2);
    },
    'search by POST': async () =>
      assert.ok((await client.search({ resourceType: 'Condition', searchParams: { patient: 'Patient/robin' }, options: { postSearch: true } })).total >= 5),
    'search by NHS number of the patient': async () => {
      const robin = await client.read({ resourceType: 'Patient', id: 'robin' });
      const { system, value } = robin.identifier.find(i => i.system.includes('nhs-number'));
      assert.ok((await client.search({ resourceType: 'CarePlan', searchParams: { 'patient.identifier': `${system}|${value}` } })).total >= 2);
    },
    'pages to the end and back': async () => {
      let page = await client.search({ resourceType: 'Observation', searchParams: { patient: 'robin', _count: 7 } });
      const { total } = page, seen = new Set();
      for (let previous; page; previous = page, page = await client.nextPage({ bundle: page })) {
        page.entry.forEach(e => seen.add(e.resource.id));
        if (previous) assert.equal((await client.prevPage({ bundle: page }))?.entry[0].resource.id, previous.entry[0].resource.id);
      }
      assert.equal(seen.size, total);
    },
    'include and reverse include': async () => {
      const { entry } = await client.search({ resourceType: 'CarePlan', searchParams: { _id: 'robin-plan', _include: 'CarePlan:subject', _revinclude: 'Task:based-on' } });
      assert.ok(entry.some(e => e.resource.resourceType === 'Patient' && e.search.mode === 'include'));
    },
    'resolve a reference': async () => {
      const plan = await client.read({ resourceType: 'CarePlan', id: 'robin-plan' });
      assert.equal((await client.resolve({ reference: plan.subject.reference })).id, 'robin');
    },
    'create, update, patch, history, delete': async () => {
      const made = await client.create({ resourceType: 'Goal', body: goal(`one ${run}`) });
      const changed = await client.update({ resourceType: 'Goal', id: made.id, body: { ...made, description: { text: `two ${run}` } },
        options: headers({ 'If-Match': `W/"${made.meta.versionId}"` }) });
      assert.notEqual(changed.meta.versionId, made.meta.versionId);
      assert.equal((await refused(client.update({ resourceType: 'Goal', id: made.id, body: made, options: headers({ 'If-Match': `W/"${made.meta.versionId}"` }) })))
        .response.status, 412);
      const patched = await client.patch({ resourceType: 'Goal', id: made.id, jsonPatch: [{ op: 'replace', path: '/lifecycleStatus', value: 'completed' }] });
      assert.equal(patched.lifecycleStatus, 'completed');
      assert.equal((await client.history({ resourceType: 'Goal', id: made.id })).total, 3);
      assert.ok((await client.history({ resourceType: 'Goal' })).entry.length >= 3);
      assert.equal((await client.history()).type, 'history');
      await client.delete({ resourceType: 'Goal', id: made.id });
      assert.equal((await refused(client.read({ resourceType: 'Goal', id: made.id }))).response.status, 410);
    },
    'create once': async () => {
      const body = { ...goal('once'), identifier: [{ system: 'https://trust.example/kit', value: run }] };
      const once = () => client.create({ resourceType: 'Goal', body, options: headers({ 'If-None-Exist': `identifier=https://trust.example/kit|${run}` }) });
      assert.equal((await once()).id, (await once()).id);
    },
    'invalid is 422 with the place': async () => {
      const error = await refused(client.create({ resourceType: 'Goal', body: { ...goal('x'), lifecycleStatus: 'nonsense' } }));
      assert.equal(error.response.status, 422);
      assert.deepEqual(error.response.data.issue[0].expression, ['Goal.lifecycleStatus']);
    },
    batch: async () => {
      const answer = await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/robin' } }, { request: { method: 'GET', url: 'Patient/nobody' } }] } });
      assert.deepEqual(answer.entry.map(e => e.response.status.slice(0, 3)), ['200', '404']);
    },
    transaction: async () => {
      const full = 'urn:uuid:88c9b1a9-1a2b-4c3d-8e4f-0123456789ab';
      const answer = await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: [
        { fullUrl: full, resource: goal(`of a transaction ${run}`), request: { method: 'POST', url: 'Goal' } },
        { resource: { resourceType: 'List', status: 'current', mode: 'working', subject: { reference: 'Patient/robin' }, entry: [{ item: { reference: full } }] }, request: { method: 'POST', url: 'List' } }] } });
      assert.ok(answer.entry.every(e => e.response.status.startsWith('201')));
    },
    compartment: async () =>
      assert.ok((await client.search({ resourceType: 'Goal', compartment: { resourceType: 'Patient', id: 'robin' } })).total >= 3),
    '$everything of a person': async () =>
      assert.ok((await client.operation({ resourceType: 'Patient', id: 'robin', name: 'everything', method: 'GET' })).entry.length > 40),
    '$validate': async () => {
      const outcome = await client.operation({ resourceType: 'Goal', name: 'validate', input: goal('x') });
      assert.equal(outcome.resourceType, 'OperationOutcome');
    },
    'a landlord sees a partial plan that says so': async () => {
      const landlord = new Client({ baseUrl: base, bearerToken: await tokenOf('housing-officer') });
      const plan = await landlord.read({ resourceType: 'CarePlan', id: 'robin-plan' });
      assert.ok(plan.meta.security.some(s => s.code === 'REDACTED'));
      assert.equal((await refused(landlord.read({ resourceType: 'Condition', id: 'robin-schizophrenia' }))).response.status, 404);
    },
  };
}
