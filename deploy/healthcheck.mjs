// Whether the instance in this container is ready; exits with 0 or 1.
const url = `http://127.0.0.1:${process.env.PORT || 3000}/api/health/ready`;
const isReady = await fetch(url, { signal: AbortSignal.timeout(4_000) }).then(
  (response) => response.ok,
  () => false,
);
process.exit(isReady ? 0 : 1);
