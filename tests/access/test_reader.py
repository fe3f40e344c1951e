"""Roles, territories and memberships: who somebody is, decided anew each time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from layers.access import people
from layers.access.models import Membership
from layers.access.reader import PUBLIC, Reader, require, within_territory
from layers.access.roles import MAY, Action, Role
from layers.collections.areas.models import Succession
from layers.errors import NotAllowed
from tests.cast import LA_GI, PHAN_THIET, alice, bob, charlie, given_land, membership, person
from tests.factories import given

pytestmark = pytest.mark.django_db


def test_a_reader_knows_role_agency_and_territory():
    given_land()

    reader = alice()

    assert (reader.name, reader.full_name, reader.role) == ("alice", "Lê Alice", Role.OFFICER)
    assert (reader.agency_key, reader.agency_name, reader.staff) == (PHAN_THIET, "Chi nhánh Phan Thiết", True)


def test_a_territory_holds_what_is_inside_and_what_it_became():
    given_land()

    assert alice().territory.area_keys == {"593-2015", "22915-2015", "22918-2015", "22918-2025"}
    assert charlie().territory.area_keys == {"594-2015", "23231-2015"}


def test_a_territory_of_today_reaches_back_but_a_former_one_does_not_reach_its_neighbours():
    given_land()
    today, former = person("today"), person("former")
    of_today = membership(today, PHAN_THIET, Role.OFFICER, "22918-2025")
    of_mui_ne = membership(former, PHAN_THIET, Role.OFFICER, "22915-2015")

    assert people.territory(of_today).area_keys == {"22918-2025", "22915-2015", "22918-2015"}
    assert people.territory(of_mui_ne).area_keys == {"22915-2015", "22918-2025"}


def test_successions_that_go_round_in_a_circle_end():
    given_land()
    given(Succession, {"from_key": "22918-2025", "to_key": "22915-2015", "effective": date(2026, 1, 1)})

    assert "22915-2015" in alice().territory.area_keys


def test_the_condition_of_a_territory_holds_its_keys_as_parameters():
    given_land()

    assert within_territory(charlie()).params == (["23231-2015", "594-2015"],)
    assert within_territory(PUBLIC).params == ([],)


@pytest.mark.parametrize("action", list(Action))
def test_the_public_may_do_nothing_of_the_desk(action):
    with pytest.raises(NotAllowed, match="đăng nhập") as caught:
        require(PUBLIC, action)
    assert caught.value.reason == "not_signed_in"


def test_nobody_watches_himself_and_administrators_see_no_owners():
    looking = {Action.SEE_OWNERS_MASKED, Action.REVEAL_OWNERS, Action.SEARCH_OWNERS}
    assert not MAY[Role.ADMINISTRATOR] & looking
    assert not MAY[Role.PLANNER] & looking
    assert Action.REVEAL_OWNERS not in MAY[Role.SUPERVISOR]
    assert all(not {Action.REVEAL_OWNERS, Action.READ_ACCESS_LOG} <= actions for actions in MAY.values())
    assert all(not {Action.PROPOSE, Action.REVIEW} <= actions for actions in MAY.values())


def test_a_role_is_refused_by_a_sentence_that_names_it():
    given_land()
    with pytest.raises(NotAllowed, match="Người thẩm định"):
        require(bob(), Action.REVEAL_OWNERS)


def test_a_staff_reader_without_a_role_may_do_nothing():
    with pytest.raises(NotAllowed):
        require(Reader("someone", staff=True), Action.USE_DESK)


def test_two_memberships_give_two_readers_and_nothing_of_each_other():
    given_land()
    user = person("eve")
    here = membership(user, PHAN_THIET, Role.SUPERVISOR, "593-2015")
    there = membership(user, LA_GI, Role.OFFICER, "594-2015")

    first, second = people.reader_of(user.pk, here.pk), people.reader_of(user.pk, there.pk)

    assert {post.id for post in people.posts_of(user.pk)} == {here.pk, there.pk}
    assert not first.territory.covers("23231-2015")
    assert second.territory.covers("23231-2015")
    with pytest.raises(NotAllowed):
        require(first, Action.REVEAL_OWNERS)
    with pytest.raises(NotAllowed):
        require(second, Action.READ_ACCESS_LOG)


def test_somebody_elses_membership_is_refused():
    given_land()
    alice()
    stranger = person("mallory")

    with pytest.raises(NotAllowed) as caught:
        people.reader_of(stranger.pk, Membership.objects.get().pk)
    assert caught.value.reason == "no_membership"


@pytest.mark.parametrize(("begin", "end"), [(-30, 0), (-30, -1), (1, None)])
def test_a_membership_that_ended_or_has_not_begun_is_out(begin, end):
    today = timezone.localdate()
    user = person("eve")
    until = None if end is None else today + timedelta(days=end)
    gone = membership(user, PHAN_THIET, Role.OFFICER, valid_from=today + timedelta(days=begin), valid_to=until)

    assert people.posts_of(user.pk) == ()
    with pytest.raises(NotAllowed):
        people.reader_of(user.pk, gone.pk)


def test_a_disabled_account_is_out():
    user = person("eve", is_active=False)
    its = membership(user, PHAN_THIET, Role.OFFICER)

    with pytest.raises(NotAllowed):
        people.reader_of(user.pk, its.pk)


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_to": date(2025, 6, 1)},
        {"whole_province": True, "area_keys": ["593-2015"]},
        {"role": "king"},
        {"role": Role.OFFICER, "valid_from": date(2025, 8, 1)},  # overlaps the one that stands
    ],
)
def test_the_database_refuses_a_membership_that_cannot_be(fields):
    user = person("eve")
    membership(user, PHAN_THIET, Role.OFFICER)

    with pytest.raises(IntegrityError), transaction.atomic():
        membership(user, PHAN_THIET, **({"role": Role.PLANNER} | fields))


def test_there_is_a_demo_account_for_each_role_made_once():
    made = people.make_demo_accounts()

    assert {account.post.partition(",")[0] for account in made} == set(Role.values)
    assert len({account.password for account in made}) == len(made)
    assert people.make_demo_accounts() == ()
    for account in made:
        assert account.name.startswith("mau.")
