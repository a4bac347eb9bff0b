import path from 'node:path';
import { inRepository } from './program.ts';

/**
 * An nginx before instances on this machine, with the very location rules that an operator runs
 * (deploy/nginx/parley-http.conf, parley-locations.conf); only ports, logs and TLS differ.
 */
export function nginxConfig(dir: string, port: number, instancePorts: readonly number[]): string {
  const rules = (name: string): string => `include "${inRepository('deploy', 'nginx', name)}";`;
  return `error_log "${path.join(dir, 'error.log')}" warn;
worker_processes 2;
worker_rlimit_nofile 65536;
events {
  worker_connections 16384;
}
http {
  types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
  ${rules('parley-http.conf')}
  upstream parley {
    ${instancePorts.map((one) => `server 127.0.0.1:${String(one)} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 32;
    keepalive_timeout 30s;
  }
  server {
    listen 127.0.0.1:${String(port)};
    access_log "${path.join(dir, 'access.log')}" parley;
    set $parley_console "${inRepository('console', 'dist')}";
    ${rules('parley-locations.conf')}
  }
}
`;
}
