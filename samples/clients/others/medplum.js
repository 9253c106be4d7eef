// https://www.medplum.com/docs/sdk
import assert from 'node:assert/strict';
import { refused } from './stray.js';

globalThis.WebSocket ??= class { }; // the library looks for it when loaded; nothing here opens one
const { MedplumClient } = await import('@medplum/core');

export async function medplum({ server, token, run }) {
  const client = new MedplumClient({ baseUrl: `${server}/`, fhirUrlPath: 'fhir', tokenUrl: `${server}/dev/token`, cacheTime: 0, accessToken: token });
  const goal = (text, value) => ({ resourceType: 'Goal', identifier: [{ system: 'https://trust.example/medplum', value }], lifecycleStatus: 'active', description: { text }, subject: { reference: 'Patient/robin' } });
  return {
    'read and read by reference': async () => {
      const plan = await client.readResource('CarePlan', 'robin-plan');
      assert.equal((await client.readReference(plan.subject)).id, 'robin');
    },
    'read of nothing is 404': async () => assert.equal((await refused(client.readResource('Patient', 'nobody'))).outcome.issue[0].code, 'not-found'),
    'search in three forms': async () => {
      const bundle = await client.search('Condition', 'patient=Patient/robin');
      assert.equal((await client.searchResources('Condition', { patient: 'Patient/robin', _count: 100 })).length, bundle.total);
      assert.ok(await client.searchOne('Condition', { patient: 'Patient/robin' }));
    },
    'search page by page': async () => {
      let count = 0;
      for await (const page of client.searchResourcePages('Observation', { patient: 'Patient/robin', _count: 9 })) count += page.length;
      assert.equal(count, (await client.search('Observation', { patient: 'Patient/robin', _summary: 'count' })).total);
    },
    'create, update, patch, history, delete': async () => {
      const made = await client.createResource(goal('one', `${run}-a`));
      const changed = await client.updateResource({ ...made, description: { text: 'two' } });
      assert.equal(changed.description.text, 'two');
      const patched = await client.patchResource('Goal', made.id, [{ op: 'test', path: '/lifecycleStatus', value: 'active' }, { op: 'replace', path: '/lifecycleStatus', value: 'completed' }]);
      assert.equal(patched.lifecycleStatus, 'completed');
      assert.equal((await client.readHistory('Goal', made.id)).entry.length, 3);
      assert.equal((await client.readVersion('Goal', made.id, made.meta.versionId)).description.text, 'one');
      await client.deleteResource('Goal', made.id);
    },
    'create once': async () => {
      const body = goal('once', `${run}-b`), query = `identifier=https://trust.example/medplum|${run}-b`;
      assert.equal((await client.createResourceIfNoneExist(body, query)).id, (await client.createResourceIfNoneExist(body, query)).id);
    },
    'create or update by criteria': async () => {
      const query = `identifier=https://trust.example/medplum|${run}-c`;
      const first = await client.upsertResource(goal('one', `${run}-c`), query);
      const second = await client.upsertResource(goal('two', `${run}-c`), query);
      assert.deepEqual([second.id, second.description.text], [first.id, 'two']);
    },
    batch: async () => {
      const answer = await client.executeBatch({ resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/robin' } }, { request: { method: 'GET', url: 'Goal?patient=Patient/robin' } }] });
      assert.deepEqual(answer.entry.map(e => e.resource.resourceType), ['Patient', 'Bundle']);
    },
    '$everything of a person': async () => assert.ok((await client.readPatientEverything('robin')).entry.length > 40),
    '$validate': async () => assert.equal((await client.validateResource(goal('x', 'x'))).resourceType, 'OperationOutcome'),
    '$expand of a value set': async () =>
      assert.ok((await client.valueSetExpand({ url: 'https://fhir.cpa.example/ValueSet/CPA-NeedDomain' })).expansion.contains.length > 5),
  };
}
