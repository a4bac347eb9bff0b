import type { Locator, Page } from '@playwright/test';

/** A name that no other run of the test has left in the inbox. */
export const newName = (name: string): string => `${name} ${crypto.randomUUID().slice(0, 4)}`;

/** The console's inbox as an agent sees it: what to look at and what to do, no expectations. */
export class InboxPage {
  readonly page: Page;
  readonly composer: Locator;
  readonly log: Locator;
  readonly header: Locator;
  readonly announcer: Locator;
  readonly connection: Locator;

  constructor(page: Page) {
    this.page = page;
    this.composer = page.getByRole('textbox', { name: /^Reply to/ });
    this.log = page.getByRole('log');
    this.header = page.locator('#thread header');
    this.announcer = page.getByTestId('announcer');
    this.connection = page.locator('[data-state]', { hasText: /Live|Catching|Offline/ }).first();
  }

  row(name: string): Locator {
    return this.page.locator('#list').getByRole('link').filter({ hasText: name });
  }

  bubble(text: string | RegExp): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('main').getByRole('button', { name });
  }

  async openView(name: RegExp): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  }

  async open(name: string): Promise<void> {
    await this.row(name).click();
    // A pointer that rests on the list holds its rows where they are.
    await this.page.mouse.move(0, 0);
    await this.composer.or(this.page.getByTestId('window-closed')).first().waitFor();
  }

  async reply(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }
}
