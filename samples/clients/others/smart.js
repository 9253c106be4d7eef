// https://github.com/smart-on-fhir/client-js
import assert from 'node:assert/strict';
import { refused } from './stray.js';
import FHIR from 'fhirclient';

export async function smart({ base, token, run }) {
  const client = connected(base, token);
  const goal = text => ({ resourceType: 'Goal', lifecycleStatus: 'active', description: { text }, subject: { reference: 'Patient/robin' } });
  return {
    read: async () => assert.equal((await client.request('Patient/robin')).id, 'robin'),
    'read with references resolved': async () => {
      const plan = await client.request('CarePlan/robin-plan', { resolveReferences: ['subject', 'careTeam'] });
      assert.deepEqual([plan.subject.resourceType, plan.careTeam[0].resourceType], ['Patient', 'CareTeam']);
    },
    'all pages of a search': async () => {
      const all = await client.request('Observation?patient=robin&_count=9', { pageLimit: 0, flat: true });
      assert.equal(all.length, (await client.request('Observation?patient=robin&_summary=count')).total);
    },
    'search with the references of a graph': async () => {
      const { references } = await client.request('CarePlan?patient=robin', { resolveReferences: 'subject', graph: false });
      assert.equal(references['Patient/robin'].id, 'robin');
    },
    'create, update, patch, delete': async () => {
      const made = await client.create(goal(`one ${run}`));
      const changed = await client.update({ ...made, description: { text: 'two' } });
      assert.equal(changed.description.text, 'two');
      assert.equal((await client.patch(`Goal/${made.id}`, [{ op: 'replace', path: '/lifecycleStatus', value: 'completed' }])).lifecycleStatus, 'completed');
      await client.delete(`Goal/${made.id}`);
      assert.match((await refused(client.request(`Goal/${made.id}`))).message, /Gone/);
    },
    'release of FHIR': async () => assert.equal(await client.getFhirRelease(), 4),
    'capability': async () => assert.ok(await client.getFhirVersion()),
    'error that says why': async () => assert.match((await refused(client.request('Goal?nonsense=1'))).message, /nonsense/),
  };
}

/** As after a launch that gave the token. */
function connected(base, token) {
  return FHIR({ headers: {} }, { }).client({ serverUrl: base, tokenResponse: { access_token: token } });
}
