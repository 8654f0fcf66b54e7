// Holds a running Accord against the audits of the GraphQL over HTTP
// specification, as npm graphql-http has them.
//
//   ACCORD_URL=http://127.0.0.1:8080/graphql ACCORD_TOKEN=… node audits.mjs
//
// One line per audit, then `N passed, N failed`; the exit code is 0 only if
// every audit ended as it must.

import { serverAudits } from 'graphql-http';

// How many audits this version of the suite has. A suite that shrinks would
// otherwise pass by asking less.
const AUDITS = 61;

// These three ask whether queries may be sent by GET. Accord refuses GET on
// purpose, because names and references would stand in URLs and so in the logs
// of every proxy on the way. If one of them passes, GET has been opened.
const REFUSED_ON_PURPOSE = new Set(['5A70', 'D6D5', '6A70']);

// An audit that gets no answer in this time fails; milliseconds.
const ANSWER_WITHIN = 10_000;

const url = process.env.ACCORD_URL;
const token = process.env.ACCORD_TOKEN;
if (!url || !token) {
  console.error('audits: ACCORD_URL and ACCORD_TOKEN must be set.');
  process.exit(2);
}

function fetchSignedIn(input, init = {}) {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(input, {
    ...init,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
}

// outcome runs one audit. What the suite throws, a refused connection for one,
// is an outcome like any other: the audits after it still run.
async function outcome(audit) {
  try {
    return await audit.fn();
  } catch (cause) {
    return { status: 'error', reason: `no answer: ${cause.cause?.message ?? cause.message}` };
  }
}

function describe({ reason, response }) {
  if (!response) {
    return reason;
  }
  const type = response.headers.get('content-type') ?? 'no content type';
  return `${reason} (answered ${response.status}, ${type})`;
}

const audits = serverAudits({ url, fetchFn: fetchSignedIn });
const problems = [];
const refused = new Set();
let passed = 0;

for (const audit of audits) {
  const result = await outcome(audit);
  const expected = REFUSED_ON_PURPOSE.has(audit.id) ? 'notice' : 'ok';
  console.log(`${result.status.padEnd(6)} ${audit.id} ${audit.name}`);
  if (expected === 'notice') {
    refused.add(audit.id);
  }
  if (result.status === expected) {
    passed += 1;
  } else {
    const why = result.status === 'ok' ? 'it passed' : describe(result);
    problems.push(`${audit.id} must be ${expected} and is ${result.status}: ${why}`);
  }
  // An unread body keeps its connection, and with it this process, open.
  await result.response?.body?.cancel().catch(() => {});
}

if (audits.length !== AUDITS) {
  problems.push(`the suite has ${audits.length} audits, not ${AUDITS}`);
}
for (const id of REFUSED_ON_PURPOSE) {
  if (!refused.has(id)) {
    problems.push(`the suite no longer has the audit ${id}`);
  }
}

for (const problem of problems) {
  console.log(`FAIL   ${problem}`);
}
console.log(`${passed} passed, ${problems.length} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;
