# Style sheets, scripts and fonts. Only the result leaves this stage.
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY integration_hub/styles integration_hub/styles
COPY integration_hub/static integration_hub/static
RUN npm run build

# The locked packages, in an environment of their own. pip and its cache stay behind.
FROM python:3.13-slim AS packages
RUN python -m venv /opt/hub
COPY requirements.lock .
RUN /opt/hub/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && /opt/hub/bin/pip uninstall --yes pip

# What runs: no compiler, no Node.js, no embedded server, no test.
FROM python:3.13-slim AS hub
ENV PATH=/opt/hub/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=integration_hub.settings \
    HUB_DATA_DIR=/app/var \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hub \
    && install --directory --owner=hub --group=hub --mode=0750 /app/var/files
WORKDIR /app
COPY --from=packages /opt/hub /opt/hub
COPY . .
COPY --from=assets /app/var/assets var/assets
COPY --from=assets /app/var/fonts var/fonts
# The static files are part of the image, so that every web machine of one release serves the same ones.
RUN python -m compileall -q integration_hub partners governance pooled_budgets bcf_metrics programme reports \
    && SECRET_KEY=only-to-collect-static-files DATABASE_URL=postgres://nobody@localhost/none \
       python manage.py collectstatic --no-input --verbosity 0
USER hub
VOLUME /app/var/files
EXPOSE 8000
CMD ["sh", "-c", "exec gunicorn integration_hub.wsgi --bind $HOST:$PORT --worker-class gthread --workers ${WEB_WORKERS:-2} --threads ${WEB_THREADS:-4} --timeout 60 --graceful-timeout 20 --worker-tmp-dir /dev/shm --no-control-socket --access-logfile -"]
