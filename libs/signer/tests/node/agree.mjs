// Signs for the tests what each line of standard input says, as a page would: a statement as JSON with the key as PEM in, the
// signed statement as base64 out.
//
//     node agree.mjs MODULE
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Keys, load, memoryStore, ofBase64, toBase64 } from "../../web/veta-sign.mjs";

const signer = await load(readFileSync(process.argv[2]));
const keys = new Keys(signer, memoryStore());
for await (const line of createInterface({ input: process.stdin })) {
  const { pem, deployment, party, number, stated_at_ms, event } = JSON.parse(line);
  const { key } = await keys.importPem(pem);
  const drafted = signer.ask("draft", { deployment, party, key, number, stated_at_ms, event });
  const signature = toBase64(await keys.sign(key, ofBase64(drafted.to_sign)));
  const { signed, statement_id } = signer.ask("assemble", { deployment, key, body: drafted.body, signature });
  if (statement_id !== drafted.statement_id) throw new Error("the draft has another id");
  console.log(signed);
}
