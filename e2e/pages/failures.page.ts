import type { Locator, Page } from '@playwright/test';

/** The failure desk: what to look at and what to do, no expectations. Other tests' failures stand on it too. */
export class FailuresPage {
  readonly page: Page;
  readonly run: Locator;

  constructor(page: Page) {
    this.page = page;
    this.run = page.locator('[data-run]');
  }

  /** By the address, so that a failure of another test does not matter. */
  async show(key = ''): Promise<void> {
    await this.page.goto(`/failures/${key}`);
  }

  group(key: string): Locator {
    return this.page.locator(`[data-group="${key}"]`);
  }

  failure(name: string): Locator {
    return this.page.locator('[data-failure]').filter({ hasText: name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('main').getByRole('button', { name });
  }

  dialogButton(name: string | RegExp): Locator {
    return this.page.getByRole('dialog').getByRole('button', { name });
  }
}
