"""Charts and their tables: the same figures twice."""

from decimal import Decimal

from django.template import Context, Template
from django.utils.translation import override

from api.consoles.charts import Chart, Limit, Series

SIXTY_THOUSAND = Decimal("60000.50")


class TestChart:
    chart = Chart(
        name="ageing",
        title="By age",
        kind="bar",
        across="Age",
        unit="EUR",
        labels=["up to 30 days", "older"],
        series=[Series("Exposure", [SIXTY_THOUSAND, None])],
        limits=[Limit("Ceiling", Decimal(100_000))],
        addresses=["/a/", "/b/"],
    )

    def test_gives_the_drawing_and_the_table_the_same_figures(self) -> None:
        with override("en"):
            said = Template("{% load console %}{% chart chart %}").render(Context({"chart": self.chart}))

        assert '"values": [60000.5, null]' in said
        assert "60,000.50" in said
        assert '<a href="/a/">up to 30 days</a>' in said

    def test_never_ends_the_script_it_stands_in(self) -> None:
        chart = Chart("x", "x", "bar", "x", ["</script><script>alert(1)"], [Series("y", [1])])

        assert "<script>alert" not in Template("{% load console %}{% chart chart %}").render(
            Context({"chart": chart})
        )
