import pytest

pytestmark = pytest.mark.reelmock(env=True, frozen=True)
EVENT = 60


def test_a_webhook_that_comes_twice_is_heeded_once(order, state, reelmock):
    reelmock.webhooks.weather("duplicate", times=1)
    made = order()
    reelmock.clock.advance(EVENT)

    assert state(made) == "ready"
    reelmock.assert_called("getVideoContent", times=1, variant="video")


@pytest.mark.parametrize("weather", ["wrong-signature", "malformed-body"])
def test_what_is_not_right_is_refused_and_told_again(order, state, reelmock, weather):
    reelmock.webhooks.weather(weather, times=1, signed=weather == "malformed-body")
    made = order()
    reelmock.clock.advance(EVENT)

    [delivery] = reelmock.webhooks.deliveries()
    assert [one.status for one in delivery.attempts] == [400, 204]
    assert state(made) == "ready"


def test_what_no_webhook_told_of_is_swept_up(order, state, studio, reelmock):
    reelmock.webhooks.weather("drop", times=1)
    made = order()
    reelmock.clock.advance(EVENT)
    assert state(made) == "making"

    assert studio.post("/sweep").json() == {"ended": 1}
    assert state(made) == "ready"


def test_a_webhook_before_the_order_is_known_loses_nothing(
    order, state, studio, reelmock
):
    reelmock.webhooks.weather("early", times=1)
    made = order()
    reelmock.webhooks.drain()
    studio.post("/sweep")

    assert state(made) == "ready"


def test_webhooks_out_of_order_are_as_good(order, state, reelmock):
    reelmock.webhooks.weather("reorder", times=1)
    first, second = order("A kite"), order("A boat")
    reelmock.clock.advance(120)

    assert (state(first), state(second)) == ("ready", "ready")


def test_a_webhook_of_somebody_elses_video_is_taken_and_forgotten(studio, reelmock):
    sent = reelmock.webhooks.send("video.completed", video="video_of_somebody_else")

    assert [one.status for one in sent.deliveries] == ["delivered"]
    reelmock.assert_not_called("getVideo")


def test_a_webhook_is_told_again_while_the_video_cannot_be_had(order, state, reelmock):
    reelmock.faults.add(operation="getVideoContent", truncate=0.5, times=3)
    made = order()
    reelmock.clock.advance(EVENT)

    [delivery] = reelmock.webhooks.deliveries()
    assert [one.status for one in delivery.attempts] == [503, 204]
    assert state(made) == "ready"
