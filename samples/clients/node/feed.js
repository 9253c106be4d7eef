// A nightly feed by NHS number and local identifier. It may be sent twice, or run twice at once, and leaves the store as after once:
//   node feed.js http://localhost:5080
import assert from 'node:assert/strict';

const [server = 'http://localhost:5080'] = process.argv.slice(2);
const nhs = 'https://fhir.nhs.uk/Id/nhs-number', local = 'https://trust.example/feed';

const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'care-coordinator', client_secret: 'any' });
const { access_token: token } = await (await fetch(`${server}/dev/token`, { method: 'POST', body: form })).json();

async function fhir(method, path, body) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json', Accept: 'application/fhir+json' };
  const answer = await fetch(`${server}/fhir/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, json: text ? JSON.parse(text) : undefined };
}

// The person is known by NHS number, what the feed brings by the identifier that it has in the source.
const robin = (await fhir('GET', 'Patient/robin')).json;
const number = robin.identifier.find(i => i.system === nhs).value;
const run = Date.now().toString(36);
const goals = [1, 2, 3].map(n => ({
  resourceType: 'Goal', identifier: [{ system: local, value: `${run}-${n}` }], lifecycleStatus: 'active',
  description: { text: `Goal ${n} of the feed` }, subject: { reference: `Patient?identifier=${nhs}|${number}` },
}));
const feed = {
  resourceType: 'Bundle', type: 'transaction',
  entry: goals.map((resource, i) => i === 0
    ? { resource, request: { method: 'POST', url: 'Goal', ifNoneExist: `identifier=${local}|${run}-1` } }
    : { resource, request: { method: 'PUT', url: `Goal?identifier=${local}|${run}-${i + 1}` } }),
};

// An answer that is lost, or 503 and 429, is no reason for care: send it again.
async function send() {
  for (let attempt = 0; attempt < 10; attempt++) {
    const { status, json } = await fhir('POST', '', feed);
    if (status === 200) return json.entry.map(e => e.response.status);
    assert.ok([429, 503].includes(status), `${status} ${JSON.stringify(json)}`);
    await new Promise(done => setTimeout(done, 200 * (attempt + 1)));
  }
  assert.fail('the server is busy for too long');
}

async function stored() {
  const { json } = await fhir('GET', `Goal?identifier=${goals.map(g => `${local}|${g.identifier[0].value}`).join(',')}&_sort=identifier`);
  return json.entry.map(({ resource: { meta, ...rest } }) => rest);
}

console.log(`sent once: ${(await send()).join(' ')}`);
const once = await stored();
assert.equal(once.length, 3);
assert.ok(once.every(g => g.subject.reference === 'Patient/robin'));
console.log(`sent again: ${(await send()).join(' ')}`);
await Promise.all(Array.from({ length: 8 }, send));
assert.deepEqual(await stored(), once);
console.log('sent twice and interleaved with itself, it leaves what it left once');
