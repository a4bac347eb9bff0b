# syntax=docker/dockerfile:1
# Two images from one build: `backend` (API, sockets, console, migrations) and `edge` (nginx with the console's files).
#   docker build --target backend -t parley .
#   docker build --target edge -t parley-edge .
ARG NODE_IMAGE=node:24-bookworm-slim
ARG NGINX_IMAGE=nginx:1.28-bookworm

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY backend/package.json backend/
COPY backend/contract/package.json backend/contract/
COPY console/package.json console/
COPY e2e/package.json e2e/

# What the running backend needs and nothing else. No package's script runs: those that it uses need none.
FROM manifests AS dependencies
RUN npm ci --omit=dev --ignore-scripts --workspace=@parley/backend --workspace=@parley/contract \
      --no-audit --no-fund --loglevel=error

FROM manifests AS build
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node tools/build.mjs && node deploy/precompress.mjs

FROM ${NGINX_IMAGE} AS edge
COPY --from=build /app/console/dist /usr/share/parley/console
COPY deploy/nginx/compose.conf /etc/nginx/nginx.conf
COPY deploy/nginx/parley-http.conf deploy/nginx/parley-locations.conf /etc/nginx/parley/
# Not the image's own start script: it writes into the configuration, which is read-only here.
ENTRYPOINT ["nginx", "-g", "daemon off;"]
CMD []
EXPOSE 80 443
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1/nginx-health"]

FROM ${NODE_IMAGE} AS backend
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/var/lib/parley
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/package.json package.json
COPY --from=dependencies /app/backend/package.json backend/package.json
COPY --from=dependencies /app/backend/contract/package.json backend/contract/package.json
COPY --from=build /app/backend/contract/dist backend/contract/dist
COPY --from=build /app/backend/dist backend/dist
COPY --from=build /app/console/dist console/dist
COPY deploy/healthcheck.mjs deploy/healthcheck.mjs
# A volume that is mounted here for the first time takes this owner over.
RUN mkdir -p /var/lib/parley && chown node:node /var/lib/parley
# `node`, by number for whoever must know that it is not root.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
CMD ["node", "--enable-source-maps", "backend/dist/main.js"]
