# syntax=docker/dockerfile:1
# The image of every production process: web, worker, beat and the one-shot migrate. See docs/operations.md.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --require-hashes --only-binary=:all: -r /build/requirements.lock

# The libraries that the pages load, by their lock files.
FROM node:24-bookworm-slim AS assets
ENV TIR_ASSETS=/build/assets TIR_SCANNER=/build/scanner
COPY api/consoles/assets /build/consoles
WORKDIR /build/consoles
RUN npm ci --omit=dev && npm run build
COPY checkpoints/scanner /build/phone
WORKDIR /build/phone
RUN npm ci && npm run build


FROM python:3.13-slim-bookworm
# Unpinned on purpose: the base image's release fixes these two, and they carry fonts only.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes fonts-dejavu-core fonts-droid-fallback \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /opt/fonts \
    && ln -s /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf /opt/fonts/sans.ttf \
    && ln -s /usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf /opt/fonts/sans-bold.ttf \
    && ln -s /usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf /opt/fonts/cjk.ttf \
    && useradd --system --uid 10001 --home-dir /srv/tir --shell /usr/sbin/nologin tir

COPY --from=build /opt/venv /opt/venv
COPY --from=assets /build/assets /opt/assets
COPY --from=assets /build/scanner /opt/scanner
WORKDIR /srv/tir
# .dockerignore lists what belongs in the image, and nothing else enters.
COPY . .

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=tir.settings \
    HOST=0.0.0.0 \
    PORT=8000 \
    STATIC_ROOT=/srv/tir/static \
    TIR_FONTS=/opt/fonts \
    TIR_ASSETS=/opt/assets \
    TIR_SCANNER=/opt/scanner

# Collecting static files reads the settings; the secrets of this step are made for it and thrown away with it.
RUN python -m compileall -q tir guarantees carnets checkpoints api \
    && TIR_SIGNING_KEYS="$(python -m tir.keys new /tmp/keys)" SECRET_KEY=build CELERY_BROKER_URL=memory:// \
       DATABASE_URL=postgres://build@localhost/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/keys

USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz/live', timeout=2)"]
CMD ["gunicorn", "--config", "python:tir.gunicorn", "tir.wsgi"]
