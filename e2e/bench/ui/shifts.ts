import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { call } from '../support/api.ts';
import { round } from '../support/results.ts';
import type { Figure } from './figures.ts';
import { newMark } from './live.ts';
import { slowDown } from './paint.ts';
import { LIST_ROWS, type Seed } from './seed.ts';
import type { Stage } from './stage.ts';
import { cumulativeShift, type Shift } from './vitals.ts';

/** Thousandths: the study's 0.02. */
const LIMIT = 20;
const WORTH_NAMING = 0.0005;
const SETTLE_MS = 1_500;
/** Later than a click excuses what moves (half a second). */
const MEDIA_DELAY_MS = 900;
const MEDIA = '**/api/media/*';
const LIVE_SECONDS = 30;
const RATE = 5;
const STEP = 997;
const LINES = 8;
const LINE_PAUSE_MS = 700;
const LINE = 'We keep it for you until Friday.';

const composerOf = (page: Page) => page.getByRole('textbox', { name: /^Reply to/ });
const isThreadShown = (page: Page): Promise<unknown> =>
  page.evaluate(() => window.bench.painted(() => window.bench.isPlaced(null), 30_000));
const shiftsOf = (page: Page): Promise<Shift[]> => page.evaluate(() => window.vitals.shifts());

/** What moves from now on until `act` is done and all has come to rest. */
async function during(page: Page, act: () => Promise<unknown>): Promise<Shift[]> {
  const before = (await shiftsOf(page)).length;
  await act();
  await delay(SETTLE_MS);
  return (await shiftsOf(page)).slice(before);
}

function figure(what: string, shifts: readonly Shift[]): Figure {
  for (const { score, isAnswer, what: moved } of shifts.filter(({ score }) => score >= WORTH_NAMING))
    console.log(`${what}: ${String(round(score * 1_000))} ‰${isAnswer ? ' (answer)' : ''} ${moved}`);
  return { measure: `layout shift, ${what}`, value: cumulativeShift(shifts) * 1_000, unit: '‰', limit: LIMIT };
}

/** A click opens a thread of pictures, whose bytes come when the click no longer excuses anything. */
async function openAlbum(page: Page, albumId: string): Promise<void> {
  await page.route(MEDIA, async (route) => {
    await delay(MEDIA_DELAY_MS);
    await route.continue();
  });
  await page.locator(`#list [data-conversation-id="${albumId}"]`).click();
  await page.waitForURL(new RegExp(albumId));
  await isThreadShown(page);
  await page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll<HTMLImageElement>('[role=log] [data-face] img')];
    return pictures.length > 0 && pictures.every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
  });
  await page.unroute(MEDIA);
}

/** The queue's rows change places and the open thread goes on, while nobody touches anything. */
async function live(stage: Stage, customer: number): Promise<void> {
  const startedAt = performance.now();
  for (let n = 0; n < LIVE_SECONDS * RATE; n += 1) {
    const mark = newMark();
    const from = n % RATE === 0 ? customer : (n * STEP) % LIST_ROWS;
    await stage.writes({ customer: from, wamid: `wamid.ui.${mark}`, text: `${mark} hello again` });
    await delay(Math.max(0, startedAt + ((n + 1) * 1_000) / RATE - performance.now()));
  }
}

async function writeLines(page: Page): Promise<void> {
  await composerOf(page).focus();
  for (let n = 0; n < LINES; n += 1) {
    await page.keyboard.insertText(LINE);
    await page.keyboard.press('Shift+Enter');
    await delay(LINE_PAUSE_MS);
  }
}

/** The agent's words of another browser: the field grows and nobody has pressed a key here. */
async function draftFromElsewhere({ backend, cleo }: Stage, page: Page, conversationId: string): Promise<void> {
  type Session = { accessToken: string };
  type Refusal = { draft?: { rev: number } };
  const { email, password } = cleo;
  const { body: session } = await call<Session>(backend.url, null, 'POST', '/auth/login', { email, password });
  const path = `/conversations/${conversationId}/drafts/reply`;
  const body = `${LINE}\n`.repeat(LINES);
  const save = (basedOn: number) => call<Refusal>(backend.url, session.accessToken, 'PUT', path, { body, basedOn });
  let answer = await save(0);
  // What was written and thrown away before has moved its `rev`; the refusal says which it is.
  if (answer.status === 409) answer = await save(answer.body.draft?.rev ?? 0);
  if (answer.status !== 200) throw new Error(`saving the draft was answered ${String(answer.status)}`);
  await page.waitForFunction(
    (words) => document.querySelector<HTMLTextAreaElement>('#thread textarea')?.value.startsWith(words),
    LINE,
  );
}

/**
 * About a minute of one page: what moves by itself while the inbox opens and pictures come late, both on the study's slow
 * machine, while customers write and the composer grows.
 */
export async function shifting(stage: Stage, { album, desk }: Seed): Promise<Figure[]> {
  // A worker would answer some requests where they cannot be held back.
  const context = await stage.arrive(stage.cleo, { serviceWorkers: 'block' });
  const page = await context.newPage();
  const speedUp = await slowDown(page);
  await page.goto(`/inbox/mine/${desk.id}`);
  await isThreadShown(page);
  await delay(SETTLE_MS);
  const figures = [figure('opening the inbox with a thread by its address', await shiftsOf(page))];

  const pictures = await during(page, () => openAlbum(page, album.id));
  figures.push(figure('opening a thread whose pictures come late', pictures));
  await speedUp();

  await page.locator('#list nav a[href^="/inbox/unassigned"]').click();
  await page.locator(`#list ul [data-conversation-id]`).first().waitFor();
  await page.mouse.move(1_000, 400); // over the list it would hold the rows
  await delay(SETTLE_MS);
  const updates = await during(page, () => live(stage, album.customer));
  figures.push(figure(`list and thread live for ${String(LIVE_SECONDS)} s`, updates));

  const growing = await during(page, () => writeLines(page));
  figures.push(figure('composer growing under the keys', growing));
  // An answer to a key never counts; how much it is may still be looked at.
  const answers = growing.reduce((sum, { score }) => sum + score, 0);
  figures.push({ measure: 'moved in all by the growing composer', value: answers * 1_000, unit: '‰' });
  await composerOf(page).fill('');
  await composerOf(page).blur();
  await delay(SETTLE_MS);
  const drafted = await during(page, () => draftFromElsewhere(stage, page, album.id));
  figures.push(figure('composer growing by a draft from elsewhere', drafted));

  const seconds = (await page.evaluate(() => performance.now())) / 1_000;
  const all = cumulativeShift(await shiftsOf(page)) * 1_000;
  figures.push(
    { measure: 'layout shift, the whole live session', value: all, unit: '‰', limit: LIMIT },
    { measure: 'length of the session', value: seconds, unit: 's' },
  );
  await context.close();
  return figures;
}
