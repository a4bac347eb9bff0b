// `npm start`. Runs on the Node that is there, before anything is installed: nothing but node: modules up to the install.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19) || process.platform === 'win32') {
  console.error(
    process.platform === 'win32'
      ? 'Parley runs on Linux and macOS: start it inside WSL.'
      : `Parley needs Node 20.19 or newer to start, this is ${process.versions.node}: install a newer Node.`,
  );
  process.exit(1);
}
const { start } = await import('./tools/start/main.mjs');
await start();
