"""Passkeys (W3C WebAuthn level 2): a key pair on the person's device that signs for this site's name alone.

What the browser is asked, and what it answers, is JSON as `navigator.credentials` has it.
"""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.signin.models import Passkey

CHALLENGE = "passkey_challenge"  # its name in the session
SITE = "TIR"
MOST = 10  # passkeys of one person


class PasskeyNotTaken(Refused):
    """The browser's answer is not what was asked for, or is of another site or person."""

    code = "passkey_not_taken"


def ask_to_register(user: User, *, host: str) -> tuple[str, str]:
    """Return what the browser is asked to make a key pair for, and the challenge in it."""
    options = generate_registration_options(
        rp_id=_name_of(host),
        rp_name=SITE,
        user_id=str(user.pk).encode(),
        user_name=user.username,
        exclude_credentials=_known(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def register(user: User, answer: bytes, *, name: str, challenge: str, origin: str, at: datetime) -> Passkey:
    """Keep the public half of a new key pair. Raises PasskeyNotTaken."""
    if user.passkeys.count() >= MOST:
        raise PasskeyNotTaken(_("You have as many passkeys as one may have. Remove one first."))
    try:
        verified = verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_name_of(origin.split("://", 1)[1]),
            expected_origin=origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _not_taken() from error
    credential = bytes_to_base64url(verified.credential_id)
    if Passkey.objects.filter(credential=credential).exists():
        raise _not_taken()
    return Passkey.objects.create(
        user=user,
        name=name,
        credential=credential,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        added_at=at,
    )


def ask_to_sign(user: User, *, host: str) -> tuple[str, str]:
    """Return what the browser is asked to have signed by one of the person's passkeys, and the challenge in it."""
    options = generate_authentication_options(
        rp_id=_name_of(host),
        allow_credentials=_known(user),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options), bytes_to_base64url(options.challenge)


def check(user: User, answer: bytes, *, challenge: str, origin: str, at: datetime) -> None:
    """Raise PasskeyNotTaken unless one of the person's passkeys has signed the challenge for this site."""
    said = _read(answer)
    passkey = user.passkeys.filter(credential=str(said.get("id", ""))).first()
    if passkey is None or not challenge:
        raise _not_taken()
    try:
        verified = verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_name_of(origin.split("://", 1)[1]),
            expected_origin=origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _not_taken() from error
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, at
    passkey.save(update_fields=["sign_count", "last_used_at"])


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(text))
        for text in user.passkeys.values_list("credential", flat=True)
    ]


def _read(answer: bytes) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError:
        raise _not_taken() from None
    if not isinstance(said, dict):
        raise _not_taken()
    return said


def _name_of(host: str) -> str:
    """Return the site's name without a port: passkeys are of a name."""
    return host.rsplit(":", 1)[0] if not host.endswith("]") else host


def _not_taken() -> PasskeyNotTaken:
    return PasskeyNotTaken(_("This passkey was not taken. Try again, or use the code of your app."))
