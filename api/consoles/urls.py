"""The pages, each under a name that begins with `console`. tests/api/consoles/test_matrix.py has a row each."""

from django.urls import URLPattern, URLResolver, path

from api.consoles import signing_in
from api.consoles.carnets.open_carnets import OpenCarnets
from api.consoles.post.shift import Post

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.Landing.as_view(), name="console"),
    path("sign-in/", signing_in.SignIn.as_view(), name="console-sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="console-sign-out"),
    path("language/", signing_in.Language.as_view(), name="console-language"),
    path("post/", Post.as_view(), name="console-post"),
    path("carnets/", OpenCarnets.as_view(), name="console-carnets"),
]
