from django.urls import include, path

urlpatterns = [
    path("", include("api.urls")),
]

handler400 = "api.errors.request_unreadable"
handler404 = "api.consoles.faults.not_found_page"
handler500 = "api.consoles.faults.server_fault_page"
