import type { Locator, Page } from '@playwright/test';

const DRAG_STEPS = 6;

/** The supervisors' board: what to look at and what to do, no expectations. */
export class BoardPage {
  readonly page: Page;
  readonly announcer: Locator;
  readonly peek: Locator;
  readonly moveDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.announcer = page.getByTestId('announcer');
    this.peek = page.locator('[data-peek]');
    this.moveDialog = page.getByRole('dialog', { name: /^Move / });
  }

  async show(): Promise<void> {
    await this.page.getByRole('link', { name: 'Board' }).click();
    await this.column('Queue').waitFor();
  }

  column(name: string): Locator {
    return this.page.locator('[data-column]').filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  card(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('link').filter({ hasText: name });
  }

  /** A long column draws its first cards alone; this has it draw them all. */
  async showAll(name: string): Promise<void> {
    const more = this.column(name).getByRole('button', { name: /^Show \d+ more/ });
    while (await more.isVisible()) await more.click();
  }

  load(name: string): Locator {
    return this.column(name).locator('[data-load]');
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByRole('listitem').filter({ hasText: text });
  }

  /** With the pointer, in small steps, as a hand does. */
  async drag(name: string, to: string): Promise<void> {
    const card = this.card(name);
    await card.scrollIntoViewIfNeeded();
    await this.column(to).scrollIntoViewIfNeeded();
    const [from, target] = [await card.boundingBox(), await this.column(to).boundingBox()];
    if (!from || !target) throw new Error('the card or the column is not on the screen');
    const { mouse } = this.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(from.x + from.width / 2 + 12, from.y + from.height / 2 + 12, { steps: 3 });
    await mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: DRAG_STEPS });
    await mouse.move(target.x + target.width / 2 + 4, target.y + target.height / 2 + 4, { steps: 3 });
    await mouse.up();
  }

  /** By key alone: the card, M, the name's first letters, Enter. */
  async moveByKey(name: string, to: string): Promise<void> {
    await this.card(name).focus();
    await this.page.keyboard.press('m');
    await this.moveDialog.locator('[role=option][data-highlighted]').waitFor();
    await this.page.keyboard.type(to.slice(0, 4));
    await this.page.keyboard.press('Enter');
  }

  option(name: string): Locator {
    return this.moveDialog.getByRole('option').filter({ hasText: name });
  }
}
