import pytest

pytestmark = pytest.mark.reelmock(env=True, frozen=True)
EVENT = 60


def shown(studio, made):
    return studio.get(f"/orders/{made['id']}").json()


def test_what_is_blocked_is_told_to_who_ordered_it_and_cleared_away(
    order, studio, reelmock
):
    made = order("A kite [reelmock fail=moderation_blocked at=63]")
    reelmock.clock.advance(EVENT)

    assert shown(studio, made)["state"] == "failed"
    assert "moderation" in shown(studio, made)["reason"]
    reelmock.assert_called("deleteVideo", times=1, video=made["video"])


@pytest.mark.reelmock(scenario="blocked.yaml")
def test_a_scenario_of_ones_own_says_what_is_blocked(order, studio, reelmock):
    dragon, kite = order("A dragon"), order("A kite")
    reelmock.clock.advance(EVENT)

    assert [shown(studio, one)["state"] for one in (dragon, kite)] == [
        "failed",
        "ready",
    ]


def test_a_busy_service_is_passed_on_with_its_patience(studio, reelmock):
    reelmock.faults.add(operation="createVideo", status=429, retry_after=7, times=1)
    answer = studio.post("/orders", json={"prompt": "A kite"})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    reelmock.assert_called("createVideo", times=1)


def test_an_order_is_not_taken_while_the_service_is_down(studio, reelmock):
    reelmock.faults.add(operation="createVideo", status=500, times=1)
    reelmock.faults.add(operation="createVideo", reset=True, times=1)
    answers = [studio.post("/orders", json={"prompt": "A kite"}) for _ in range(2)]

    assert [one.status_code for one in answers] == [503, 503]
    assert studio.get("/orders").json() == []


@pytest.mark.reelmock(scenario="moderation-at-submit")
def test_what_is_blocked_at_once_is_no_order(studio):
    answer = studio.post("/orders", json={"prompt": "A kite"})

    assert answer.status_code == 422
    assert "moderation" in answer.json()["detail"]


def test_a_torn_download_is_fetched_again_and_never_made_again(order, studio, reelmock):
    reelmock.faults.add(operation="getVideoContent", truncate=0.3, times=2)
    made = order()
    reelmock.clock.advance(EVENT)

    assert shown(studio, made)["state"] == "ready"
    reelmock.assert_called("createVideo", times=1)
    reelmock.assert_called("getVideoContent", times=3, variant="video")


def test_what_expired_before_it_was_fetched_is_lost_and_not_even_asked_for(
    order, studio, reelmock
):
    reelmock.webhooks.weather("drop", times=1)
    made = order()
    reelmock.clock.advance(2 * 3600)
    studio.post("/sweep")

    assert shown(studio, made)["reason"] == "It expired before it was fetched."
    reelmock.assert_not_called("getVideoContent")
    reelmock.assert_called("deleteVideo", times=1, status=200)


def test_one_order_that_cannot_be_asked_for_does_not_hold_the_others_up(
    order, state, studio, reelmock
):
    reelmock.webhooks.weather("drop", times=2)
    first, second = order("A kite"), order("A boat")
    reelmock.clock.advance(EVENT)
    reelmock.faults.add(operation="getVideo", video=first["video"], reset=True, times=1)

    assert studio.post("/sweep").json() == {"ended": 1}
    assert (state(first), state(second)) == ("making", "ready")


def test_polls_are_as_patient_as_the_service_wants(order, state, studio, reelmock):
    reelmock.faults.add(operation="getVideo", status=429, retry_after=30, times=1)
    made = order()
    reelmock.clock.advance(20)  # the webhook comes, and comes again
    studio.post("/sweep")
    reelmock.assert_called("getVideo", times=1)

    reelmock.clock.advance(EVENT)
    assert state(made) == "ready"
    reelmock.assert_called("getVideo", times=2)


@pytest.mark.parametrize("is_done", [True, False])
def test_what_was_not_cleared_away_is_cleared_away_later(
    order, state, studio, reelmock, is_done
):
    reelmock.faults.add(operation="deleteVideo", status=403, after=is_done, times=1)
    made = order()
    reelmock.clock.advance(EVENT)
    assert state(made) == "ready"

    for _ in range(2):
        studio.post("/sweep")
    assert (state(made), reelmock.videos()) == ("ready", [])
    reelmock.assert_called("deleteVideo", times=2)


def test_a_video_that_the_service_lost_is_lost(order, studio, reelmock):
    reelmock.faults.add(operation="getVideo", lost=True, times=1)
    made = order()
    reelmock.clock.advance(EVENT)

    assert shown(studio, made)["state"] == "lost"


def test_an_order_outlives_a_restart(order, open_studio, reelmock):
    made = order()
    again = open_studio()
    reelmock.clock.advance(EVENT)

    assert shown(again, made)["state"] == "ready"
