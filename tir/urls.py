from django.urls import include, path

urlpatterns = [
    path("", include("api.urls")),
]

handler400 = "api.errors.unreadable"
handler404 = "api.errors.not_found"
handler500 = "api.errors.server_fault"
