import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('a thread goes to a team and back, the list narrows to it, and the others see it at once', async ({
  agent,
  customer,
  instance,
}) => {
  const admin = instance.signIns.find(({ role }) => role === 'admin')?.name ?? '';
  const inbox = new InboxPage(await agent(admin));
  const supervisor = new InboxPage(await agent(instance.signIns.find(({ role }) => role === 'supervisor')?.name ?? ''));
  const name = newName('Team Tess');
  const other = newName('Other Otto');
  await customer(name).writes('For the framers, please');
  await customer(other).writes('For anybody');
  const teamName = newName('Framing');
  await inbox.page.goto('/settings/teams/new');
  await inbox.page.locator('#settings-page').getByLabel('Name').fill(teamName);
  await inbox.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(inbox.page.getByRole('heading', { name: teamName })).toBeVisible();
  for (const one of [inbox, supervisor]) await one.page.goto('/inbox/all');
  const strip = supervisor.page.getByRole('group', { name: 'Teams' });
  const team = strip.getByRole('button').filter({ hasText: teamName });
  const count = async () => Number(await team.locator('span').textContent());
  await supervisor.openView(/^All/);
  await expect(supervisor.row(name)).toBeVisible();
  const before = await count();

  // From the thread: status and owner stay, a line says so.
  await inbox.open(name);
  const owner = await inbox.header.textContent();
  await inbox.log.focus();
  await inbox.page.keyboard.press('a');
  await inbox.page.getByRole('menu').getByText(teamName, { exact: true }).click();
  await expect(inbox.header).toContainText(teamName);
  await expect(inbox.log.getByText(`You moved it to the team ${teamName}`)).toHaveCount(1);
  expect(owner).not.toContain(teamName);
  await expect(supervisor.row(name)).toContainText(teamName);
  await expect.poll(count).toBe(before + 1);

  // The list of the team alone, kept over a reload.
  await team.click();
  await expect(supervisor.row(name)).toBeVisible();
  await expect(supervisor.row(other)).toHaveCount(0);
  await supervisor.page.reload();
  await expect(team).toHaveAttribute('aria-pressed', 'true');
  await expect(supervisor.row(name)).toBeVisible();

  // Undo takes it out again, and the narrowed list lets it go.
  await inbox.page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect(supervisor.row(name)).toHaveCount(0);
  await strip.getByRole('button', { name: 'All teams' }).click();
  await expect(supervisor.row(name)).toBeVisible();
  await expect(supervisor.row(name)).not.toContainText(teamName);

  // Several at once, from the list.
  await supervisor.row(name).focus();
  await supervisor.page.keyboard.press('x');
  await supervisor.row(other).focus();
  await supervisor.page.keyboard.press('x');
  const bar = supervisor.page.getByRole('region', { name: 'Marked conversations' });
  await bar.getByRole('button', { name: 'Set the team' }).click();
  await supervisor.page.getByRole('menu').getByText(teamName, { exact: true }).click();
  for (const one of [name, other]) await expect(inbox.row(one)).toContainText(teamName);
  await expect.poll(count).toBe(before + 2);
});
