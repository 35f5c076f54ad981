"""One's own account, the steps after the password, and forgotten passwords."""

from django.urls import path, re_path

from api.consoles.account import account, factors, forgotten, steps

urlpatterns = [
    path("sign-in/code/", steps.CodePage.as_view(), name="console-sign-in-code"),
    path("sign-in/passkey/", steps.PasskeyStep.as_view(), name="console-sign-in-passkey"),
    path("sign-in/set-up/", steps.SetUpPage.as_view(), name="console-sign-in-set-up"),
    path("forgotten/", forgotten.ForgottenPage.as_view(), name="console-forgotten"),
    re_path(
        r"^new-password/(?P<secret>[A-Za-z0-9_-]{43})/$",
        forgotten.NewPasswordPage.as_view(),
        name="console-new-password",
    ),
    path("account/", account.AccountPage.as_view(), name="console-account"),
    path("account/password/", account.PasswordPage.as_view(), name="console-account-password"),
    path("account/language/", account.AccountLanguagePage.as_view(), name="console-account-language"),
    path("account/end-others/", account.EndOthers.as_view(), name="console-account-end-others"),
    re_path(
        r"^account/sessions/(?P<session_id>[0-9a-f]{40})/end/$",
        account.EndSession.as_view(),
        name="console-account-session-end",
    ),
    re_path(
        r"^account/tokens/(?P<token_key>[0-9A-Za-z]{1,25})/end/$",
        account.EndToken.as_view(),
        name="console-account-token-end",
    ),
    path(
        "account/devices/<uuid:device_id>/end/",
        account.EndOwnDevice.as_view(),
        name="console-account-device-end",
    ),
    path("account/app/", factors.OwnAppPage.as_view(), name="console-account-app"),
    path("account/app/remove/", factors.RemoveAppPage.as_view(), name="console-account-app-remove"),
    path("account/codes/", factors.RecoveryCodesPage.as_view(), name="console-account-codes"),
    path("account/passkeys/add/", factors.AddPasskeyPage.as_view(), name="console-account-passkey-add"),
    path(
        "account/passkeys/options/", factors.PasskeyOptions.as_view(), name="console-account-passkey-options"
    ),
    re_path(
        r"^account/passkeys/(?P<passkey_id>[0-9]{1,18})/remove/$",
        factors.RemovePasskeyPage.as_view(),
        name="console-account-passkey-remove",
    ),
]
