// Everyday requests by three public clients, none of which knows this server:
//   node checks.js http://localhost:5080
// Prints a line for each; ends with 1 when one fails.
import { strayOf } from './stray.js';
import { kit } from './kit.js';
import { medplum } from './medplum.js';
import { smart } from './smart.js';

const [server = 'http://localhost:5080'] = process.argv.slice(2);

async function tokenOf(persona) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: persona, client_secret: 'any' });
  return (await (await fetch(`${server}/dev/token`, { method: 'POST', body: form })).json()).access_token;
}

const world = { server, base: `${server}/fhir`, token: await tokenOf('care-coordinator'), run: Date.now().toString(36), tokenOf };
let failed = 0;
for (const [name, checks] of Object.entries({ 'fhir-kit-client': kit, '@medplum/core': medplum, fhirclient: smart }))
  for (const [what, check] of Object.entries(await checks(world))) {
    try {
      await check();
      console.log(`ok    ${name}: ${what}`);
    } catch (error) {
      failed++;
      console.log(`FAIL  ${name}: ${what}: ${strayOf(error)}`);
    }
  }
process.exitCode = failed ? 1 : 0;
