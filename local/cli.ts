import { type ControlAddress, findAddress } from './control/address.ts';
import { type Command, parseCommand, USAGE } from './control/command.ts';

/** `npm run local -- …`: acts on the world that `npm start` runs in the same folder, from another terminal. */
const main = async (): Promise<number> => {
  const words = process.argv.slice(2);
  const command = parseCommand(words);
  if (command === undefined) {
    if (words.length > 0) console.error(`"${words.join(' ')}" is not understood.`);
    console.error(USAGE);
    return 2;
  }
  const address = findAddress();
  if (address === undefined) {
    console.error('No local world is running in this folder: start one with npm start.');
    return 1;
  }
  return send(address, command);
};

const ANSWER_MAX_MS = 30_000;

const send = async ({ url, token }: ControlAddress, command: Command): Promise<number> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(command),
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    const text = await answer.text();
    if (answer.ok) console.log(text);
    else console.error(text);
    return answer.ok ? 0 : 1;
  } catch (error) {
    console.error(`The local world does not answer: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
};

process.exitCode = await main();
