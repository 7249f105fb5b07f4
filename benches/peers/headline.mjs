// Reads every account, then makes a task for each that is unwell and renews soon: scripts/headline.rhai in Node, with its own fetch.
const [most, lanes, tag] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const origin = `${process.env.VITALLY_BASE_URL}/resources`;
const headers = {
  authorization: `Basic ${Buffer.from(`${process.env.VITALLY_API_KEY}:`).toString("base64")}`,
  "content-type": "application/json",
};

async function asked(path, options) {
  const answer = await fetch(origin + path, { headers, ...options });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const soon = new Date(Date.now() + 60 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const wanted = ({ healthScore, nextRenewalDate }) =>
  healthScore !== null && healthScore < most && nextRenewalDate && nextRenewalDate.slice(0, 10) <= soon;
const unwell = [];
for (let from = ""; ; ) {
  const page = await asked(`/accounts?limit=100&status=activeOrChurned${from}`);
  unwell.push(...page.results.filter(wanted));
  if (!page.next) break;
  from = `&from=${encodeURIComponent(page.next)}`;
}

const left = unwell.values();
let done = 0;
async function lane() {
  for (const account of left) {
    const task = { externalId: `${tag}-${account.externalId}`, name: "Call them", accountId: account.id };
    await asked("/tasks", { method: "POST", body: JSON.stringify(task) });
    done += 1;
  }
}
await Promise.all(Array.from({ length: lanes }, lane));
console.log(done);
