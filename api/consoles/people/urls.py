"""The pages about people."""

from django.urls import path, re_path

from api.consoles.people import accepting, deciding, listing
from api.consoles.people.one_person import PersonPage
from api.converters import INVITATION, PERSON, POSTING

urlpatterns = [
    path("people/", listing.PeoplePage.as_view(), name="console-people"),
    path("people/access/", listing.AccessPage.as_view(), name="console-access"),
    path("people/invite/", deciding.InvitePage.as_view(), name="console-person-invite"),
    re_path(rf"^people/{PERSON}/$", PersonPage.as_view(), name="console-person"),
    *[
        re_path(rf"^people/{PERSON}/{words}/$", view.as_view(), name=f"console-person-{name}")
        for name, words, view in (
            ("change", "change", deciding.ChangePersonPage),
            ("deactivate", "deactivate", deciding.DeactivatePage),
            ("reactivate", "reactivate", deciding.ReactivatePage),
            ("invite-again", "invitation", deciding.InviteAgainPage),
            ("invitation-revoke", "invitation/revoke", deciding.RevokeInvitationPage),
            ("password-link", "password-link", deciding.PasswordLinkPage),
            ("post", "postings/new", deciding.PostPersonPage),
            ("posting-end", f"postings/{POSTING}/end", deciding.EndPostingPage),
            ("hand-over", "hand-over", deciding.HandOverPage),
        )
    ],
    re_path(rf"^invitations/{INVITATION}/$", accepting.InvitationPage.as_view(), name="console-invitation"),
]
