import pytest

pytestmark = pytest.mark.reelmock(env=True, frozen=True)
EVENT = 60
"""Seconds after which a video of pace `fast` is done and told of."""

ORDERED = pytest.mark.reelmock(pace="manual")
"""Nobody waits for the video, so that nobody needs to render it."""


@ORDERED
def test_an_order_asks_once_and_rightly_for_what_was_wished(order, reelmock):
    order("A sunset over the sea", seconds="8", size="1280x720")

    reelmock.assert_called(
        "createVideo", times=1, prompt__contains="sunset", seconds="8", size="1280x720"
    )
    reelmock.assert_no_contract_warnings()


def test_what_is_served_is_the_whole_clip_that_was_ordered(
    order, studio, reelmock, tmp_path
):
    made = order()
    reelmock.clock.advance(EVENT)
    (tmp_path / "clip.mp4").write_bytes(
        studio.get(f"/orders/{made['id']}/clip").content
    )

    reelmock.assert_clip(tmp_path / "clip.mp4", video=made["video"], complete=True)


def test_each_order_has_the_poster_of_its_own_video(order, studio, reelmock, tmp_path):
    first, second = order("A kite", poster=True), order("A boat", poster=True)
    reelmock.clock.advance(EVENT)

    for one in (first, second):
        shown = studio.get(f"/orders/{one['id']}/poster").content
        (tmp_path / "one.webp").write_bytes(shown)
        reelmock.assert_clip(tmp_path / "one.webp", video=one["video"], complete=False)


def test_nothing_is_left_at_the_service(order, reelmock, reelmock_openai):
    made = order()
    reelmock.clock.advance(EVENT)

    reelmock.assert_order(["createVideo", "getVideo", "getVideoContent", "deleteVideo"])
    reelmock.assert_called("deleteVideo", times=1, video=made["video"])
    assert reelmock_openai.videos.list().data == []


@ORDERED
def test_what_nobody_ordered_and_what_is_still_being_made_is_not_served(order, studio):
    made = order()
    assert made["state"] == "making"

    asked = [studio.get(f"/orders/{one}/clip") for one in (made["id"], 7)]
    assert [(one.status_code, one.json()["detail"]) for one in asked] == [
        (404, "It is not there."),
        (404, "There is no such order."),
    ]


@ORDERED
def test_orders_are_listed_page_by_page(order, studio):
    ids = [order()["id"] for _ in range(3)]
    first = studio.get("/orders", params={"limit": 2}).json()
    rest = studio.get("/orders", params={"after": first[-1]["id"]}).json()

    assert [one["id"] for one in [*first, *rest]] == ids


def test_a_page_has_a_hundred_orders_at_most(studio):
    asked = [studio.get("/orders", params={"limit": n}) for n in (-1, 0, 101)]

    assert [one.status_code for one in asked] == [422] * 3


def test_a_size_that_cannot_be_had_is_told_in_the_services_words(studio):
    answer = studio.post("/orders", json={"prompt": "A kite", "size": "1x1"})

    assert answer.status_code == 422
    assert "Invalid value: '1x1'" in answer.json()["detail"]


def test_an_empty_wish_never_reaches_the_service(studio, reelmock):
    assert studio.post("/orders", json={"prompt": ""}).status_code == 422
    reelmock.assert_not_called("createVideo")


@ORDERED
@pytest.mark.reelmock(budget=0.5)
def test_a_spent_budget_is_told(order, studio):
    order()
    answer = studio.post("/orders", json={"prompt": "One more"})

    assert answer.status_code == 422
    assert answer.json()["detail"] == "The month's budget is spent."


def test_an_order_has_variations_while_the_service_has_it(order, studio, reelmock):
    reelmock.webhooks.weather("drop", times=1)
    made = order()
    reelmock.clock.advance(EVENT)
    answer = studio.post(f"/orders/{made['id']}/remix", json={"prompt": "In winter"})

    assert answer.status_code == 201
    reelmock.assert_called("remixVideo", times=1, prompt="In winter")


@ORDERED
def test_a_variation_of_what_is_gone_is_refused(order, studio, reelmock):
    made = order()
    reelmock.faults.add(operation="remixVideo", lost=True)
    answer = studio.post(f"/orders/{made['id']}/remix", json={"prompt": "In winter"})

    assert answer.status_code == 422


@pytest.mark.reelmock(dialect="documented")
def test_a_server_that_says_processing_is_waited_for(order, state, studio, reelmock):
    made = order()
    reelmock.clock.advance(1)
    studio.post("/sweep")
    assert state(made) == "making"

    reelmock.clock.advance(EVENT)
    assert state(made) == "ready"


@pytest.mark.reelmock(dialect="openai", pace="realistic")
def test_nobody_asks_sooner_than_the_service_wants(order, studio, reelmock):
    order()
    for _ in range(3):
        studio.post("/sweep")
    reelmock.assert_called("getVideo", times=1)

    reelmock.clock.advance(1)  # openai-poll-after-ms of a frozen clock
    studio.post("/sweep")
    reelmock.assert_called("getVideo", times=2)
