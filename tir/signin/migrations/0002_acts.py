"""What opens an account, and who changed it, is written down; no secret is, nor what every use changes."""

from django.db import migrations

from tir.kernel.triggers import add, never_deleted
from tir.log.migrating import LogActs


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_tables"), ("kernel", "0003_refuse_change"), ("log", "0002_entries")]
    operations = [
        add("signin_onetimelink", never_deleted("link_stays")),
        LogActs("signin_onetimelink", "one_time_link", unsaid=["digest"]),
        LogActs("signin_passwordchange", "password_change"),
        LogActs("signin_authenticator", "authenticator", unsaid=["secret", "last_step"]),
        LogActs("signin_passkey", "passkey", unsaid=["public_key", "sign_count", "last_used_at"]),
        LogActs("signin_recoverycode", "recovery_code", unsaid=["digest"]),
        LogActs("signin_serviceaccount", "service_account"),
        LogActs("signin_clientsecret", "client_secret", unsaid=["digest", "last_used_at"]),
    ]
