# One image for every Woodshed process; docker-compose.yml says which one a container runs.
FROM node:24-bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates ffmpeg fonts-wqy-microhei python3 python3-pip util-linux \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /woodshed
COPY package.json package-lock.json .npmrc ./
# CUDA libraries for onnxruntime come from the internet at build time: --build-arg ONNXRUNTIME_NODE_INSTALL=cuda12
ARG ONNXRUNTIME_NODE_INSTALL=skip
RUN npm ci --omit=dev
COPY . .

# uid 1000 comes with the base image; data and cache are volumes that it owns.
RUN mkdir -p /data /cache && chown node:node /data /cache
USER node
ENV NODE_ENV=production WOODSHED_DATA=/data WOODSHED_CACHE=/cache
CMD ["node", "activities/main.ts"]
