"""Which transports there are, and how often."""

from collections import Counter
from random import Random

from checkpoints.simulation.shapes import Goods, Road, Sealing, Shape, draw_shape, one_of


class TestShapes:
    def test_are_drawn_in_the_shares_of_real_traffic(self) -> None:
        rng = Random(1)
        shapes = [draw_shape(rng) for _ in range(2_000)]

        planned = Counter(shape.road for shape in shapes)[Road.AS_PLANNED] / len(shapes)
        assert 0.72 < planned < 0.84
        assert {shape.goods for shape in shapes} == set(Goods)
        assert {shape.sealing for shape in shapes} == set(Sealing)
        assert Counter(shape.unloads for shape in shapes).most_common(1)[0][0] == 1

    def test_stay_the_same_on_the_planned_road(self) -> None:
        shape = Shape(loads=2, unloads=3, goods=Goods.BULK, sealing=Sealing.KEPT, road=Road.TURNED_BACK)

        assert shape.planned() == Shape(loads=2, unloads=3, goods=Goods.BULK, sealing=Sealing.KEPT)

    def test_of_a_choice_without_weight_are_none(self) -> None:
        rng = Random(1)

        drawn = Counter(one_of({"often": 3, "seldom": 1, "never": 0}, rng) for _ in range(400))
        assert set(drawn) == {"often", "seldom"}
        assert drawn["often"] > drawn["seldom"]
