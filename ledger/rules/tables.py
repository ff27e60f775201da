"""Which rules judge which event, and which judge each day: the map from provisions to code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events import EVENTS, Event
from ledger.events.agreement import (
    AgreementAdopted,
    AgreementRejected,
    AppealDismissed,
    AppealLodged,
    EntryIntoForceFixed,
    PartyRenamed,
    WithdrawalDecided,
    WithdrawalRevoked,
)
from ledger.events.costs import (
    CostBorne,
    CostLevelSet,
    IndexationAgreed,
    IndexPublished,
    InstalmentClaimed,
    PaymentMade,
    PopulationPublished,
    ProjectFunded,
)
from ledger.events.groups import (
    GroupClosed,
    GroupCreated,
    GroupMemberReleased,
    GroupOfficerReleased,
    GroupReported,
)
from ledger.events.meetings import (
    ItemHandled,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingRequested,
    RecommendationAnswered,
    RecommendationMade,
    ReservationEntered,
)
from ledger.events.minutes import MinutesAdjusted, MinutesDispatched, MinutesDutyMoved, MinutesSigned
from ledger.events.officials import OfficeLeft, ProposalPrepared
from ledger.events.posts import ExpertCoopted, ExpertReleased, ViceChairAppointed, ViceChairReleased
from ledger.events.record import EntryAnnulled, PersonalDataDisposed
from ledger.events.seats import BoardComposed, MemberAppointed, MemberChanged, PersonRegistered, SeatVacated
from ledger.events.settlement import CommitmentMade, SettlementAgreed
from ledger.rules import (
    agreement,
    days,
    groups,
    meetings,
    minutes,
    officials,
    posts,
    record,
    reference,
    seats,
    settlement,
    tasks,
    twice,
)
from ledger.rules.costs import bearing, instalments, levels, payments
from ledger.state.seats import SEATS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

    Rule = Callable[[Entry[Any], Timeline], Iterator[Finding]]
    StandingRule = Callable[[Timeline, date], Iterator[Finding]]

# An act that breaks one of these has no effect, so it is refused: (provision, rule, the events that it judges).
FORBIDS: tuple[tuple[str, Rule, tuple[type[Event], ...]], ...] = (
    ("reference", reference.names_what_is_there, tuple(EVENTS.values())),
    ("reference", reference.id_is_new, tuple(event for event in reference.DEFINES if event not in reference.AGAIN)),
    ("reference", reference.leaves_something, (SeatVacated, MemberChanged, ViceChairReleased, ExpertReleased)),
    ("reference", reference.ends_what_has_begun, tuple(reference.ENDS)),
    ("reference", groups.leaves_a_group, (GroupMemberReleased, GroupOfficerReleased)),
    ("reference", officials.leaves_an_office, (OfficeLeft,)),
    ("reference", payments.paid_to_somebody_else, (PaymentMade,)),
    ("reference", reference.disposes_of_something, (PersonalDataDisposed,)),
    ("reference", record.annulled_once, (EntryAnnulled,)),
    ("reference", record.nothing_rests_on_it, (EntryAnnulled,)),
    ("adopted-by-an-assembly", agreement.decided_by_the_assembly, (AgreementAdopted, AgreementRejected)),
    ("amended-by-unanimity", agreement.by_a_party_that_decides, (AgreementAdopted, AgreementRejected)),
    ("amended-by-unanimity", agreement.not_adopted_twice, (AgreementAdopted,)),
    ("ends-when-one-withdraws", agreement.withdrawn_by_a_party, (WithdrawalDecided,)),
    ("ends-when-one-withdraws", agreement.ends_after_its_decision, (WithdrawalDecided,)),
    ("ends-when-one-withdraws", agreement.revoked_in_time, (WithdrawalRevoked,)),
    ("size", seats.not_above_the_most, (MemberAppointed,)),
    ("two-per-municipality", seats.seat_of_its_party, (MemberAppointed,)),
    ("two-per-municipality", seats.seat_is_free, (MemberAppointed,)),
    ("two-per-municipality", seats.one_seat_each, (MemberAppointed,)),
    ("region-seats", seats.seat_of_its_party, (MemberAppointed,)),
    ("region-seats", seats.seat_is_free, (MemberAppointed,)),
    ("region-seats", seats.one_seat_each, (MemberAppointed,)),
    ("region-seats", seats.region_not_above_the_most, (MemberAppointed,)),
    ("term", seats.not_beyond_the_term, (MemberAppointed,)),
    ("vice-chairs", reference.post_rests_on_a_seat, (ViceChairAppointed,)),
    ("vice-chairs", posts.vice_chair_of_the_right_kind, (ViceChairAppointed,)),
    ("vice-chairs", posts.post_is_free, (ViceChairAppointed,)),
    ("minutes-signed", minutes.signed_by_who_has_the_duty, (MinutesSigned,)),
    ("minutes-adjusted", minutes.adjusted_by_who_has_the_duty, (MinutesAdjusted,)),
    (
        "experts",
        posts.experts_do_not_act,
        (MeetingHeld, RecommendationMade, ReservationEntered, MinutesSigned, MinutesAdjusted),
    ),
    ("two-instalments", instalments.claimed_once, (InstalmentClaimed,)),
)

# An irregular act did happen, so it is recorded, and shown for ever.
FLAGS: tuple[tuple[str, Rule, tuple[type[Event], ...]], ...] = (
    ("adopted-by-every-assembly", agreement.adopted_before_the_start, (AgreementAdopted,)),
    ("adopted-by-an-assembly", agreement.withdrawn_by_the_assembly, (WithdrawalDecided, WithdrawalRevoked)),
    ("amended-by-unanimity", agreement.decided_before_it_is_in_force, (AgreementAdopted, AgreementRejected)),
    ("amended-by-unanimity", agreement.fixed_as_the_wording_leaves_open, (EntryIntoForceFixed,)),
    ("plausible", agreement.decided_once_put_forward, (AgreementAdopted, AgreementRejected, EntryIntoForceFixed)),
    ("plausible", agreement.not_overtaken, (AgreementAdopted,)),
    ("ends-when-one-withdraws", agreement.withdrawal_ends_something, (WithdrawalDecided,)),
    ("in-force", agreement.while_in_force, agreement.NEED_FORCE),
    ("plausible", record.appealed_after_it_was_decided, (AppealLodged,)),
    ("plausible", record.dismissed_once_appealed, (AppealDismissed,)),
    ("plausible", record.registered_once, (PersonRegistered,)),
    ("plausible", record.called_as_no_other, (PartyRenamed,)),
    ("plausible", seats.appointed_by_an_organ_that_may, (MemberAppointed,)),
    ("two-per-municipality", seats.on_the_side_of_its_seat, (MemberAppointed, MemberChanged)),
    ("vice-chairs", seats.as_the_board_has_it, (MemberAppointed, MemberChanged, BoardComposed)),
    ("no-substitutes", seats.only_members_present, (MeetingHeld,)),
    ("experts", posts.only_coopted_experts, (MeetingHeld,)),
    ("experts", posts.coopted_by_the_body, (ExpertCoopted,)),
    ("requested-meeting", meetings.requested_by_members, (MeetingRequested,)),
    ("called-by-chair", meetings.called_by_the_chair, (MeetingCalled,)),
    ("called-by-chair", meetings.held_after_a_call, (MeetingHeld,)),
    ("agenda", meetings.agenda_is_there, (MeetingCalled,)),
    ("agenda", meetings.held_after_a_call, (MeetingHeld,)),
    ("notice", meetings.notice_ran_in_full, (MeetingCalled, MeetingMoved)),
    ("notice", meetings.held_after_a_call, (MeetingHeld,)),
    ("notice", meetings.held_on_the_day_notified, (MeetingHeld,)),
    ("recommendations", meetings.made_on_an_item_of_a_meeting, (RecommendationMade,)),
    ("recommendations", meetings.answered_by_an_addressee, (RecommendationAnswered,)),
    ("minutes-adjusted", minutes.duty_is_with_a_member, (MeetingHeld, MinutesDutyMoved)),
    ("minutes-adjusted", minutes.adjusted_by_a_member, (MinutesAdjusted,)),
    ("plausible", minutes.handled_at_a_meeting, (ItemHandled, ReservationEntered)),
    ("plausible", minutes.of_a_meeting_held, (MinutesDispatched, MinutesDutyMoved)),
    ("plausible", minutes.named_on_the_agenda, (ProposalPrepared, MinutesAdjusted)),
    ("plausible", minutes.took_part, tuple(minutes.TAKING_PART)),
    ("plausible", minutes.reserved_by_a_member, (ReservationEntered,)),
    ("plausible", meetings.cancelled_before_it_is_held, (MeetingCancelled,)),
    ("plausible", minutes.continues_what_stood_over, (MeetingCalled, MeetingHeld)),
    ("plausible", groups.reported_once, (GroupReported,)),
    ("groups-set-up-by-body", groups.decided_at_a_meeting, (GroupCreated, GroupClosed)),
    ("group-terms", groups.set_up_with_its_terms, (GroupCreated,)),
    ("region-bears-secretariat", bearing.borne_by_the_region, (CostBorne,)),
    ("own-members-paid", bearing.paid_to_own_members, (CostBorne,)),
    ("indexation", levels.agreed_in_time, (IndexationAgreed,)),
    ("plausible", levels.raises_a_level, (IndexationAgreed,)),
    ("no-indexation-2024-2025", levels.not_for_a_frozen_year, (IndexationAgreed,)),
    ("projects", bearing.financed_jointly, (ProjectFunded,)),
    ("settlement-agreement", settlement.agreed_as_computed, (SettlementAgreed,)),
    ("two-instalments", instalments.claimed_no_more_than_the_share, (InstalmentClaimed,)),
    ("two-instalments", instalments.rests_on_the_first_that_stands, (InstalmentClaimed,)),
    ("plausible", settlement.borne_by_parties, (SettlementAgreed,)),
    ("plausible", bearing.of_who_is_a_party, (PaymentMade, CostBorne, ProjectFunded)),
    ("plausible", days.after_what_it_rests_on, tuple(days.RESTS_ON)),
    ("plausible", days.happened_when_recorded, days.HAPPENED),
    ("plausible", days.about_days_that_have_been, (GroupReported, PopulationPublished)),
    ("plausible", levels.of_a_size_to_expect, (CostLevelSet, IndexationAgreed, IndexPublished)),
    ("plausible", payments.settled_after_the_end, (PaymentMade,)),
    ("plausible", payments.no_more_refunded_than_paid, (PaymentMade,)),
    ("plausible", instalments.figures_near_those_before, (PopulationPublished,)),
    ("duplicate", payments.paid_once, (PaymentMade,)),
    ("duplicate", twice.recorded_once, twice.ONCE),
    ("duplicate", twice.party_named_alike, (MemberAppointed, MemberChanged, BoardComposed)),
)

# What should be true on a day in force: (provision, rule).
STANDING: tuple[tuple[str, StandingRule], ...] = (
    ("until-further-notice", agreement.no_end_date),
    ("size", seats.enough_members),
    ("two-per-municipality", seats.municipal_seats_filled),
    ("region-seats", seats.region_seats_filled),
    ("every-board-party", seats.every_party_represented),
    ("mirrors-majority", seats.mirrors_the_majority),
    ("vice-chairs", posts.posts_filled),
    ("management-group", officials.management_group_filled),
    ("group-officers", officials.groups_supported),
    ("by-population", instalments.shared_by_population),
    ("indexation", levels.raised_by_the_index),
    ("projects", bearing.financed_by_all),
)

# What was owed before the end goes on after it: judged from the first day in force on.
LASTING: tuple[tuple[str, StandingRule], ...] = (
    ("mandatory-topics", tasks.topics_prepared),
    ("six-meetings", meetings.six_meetings),
    ("requested-meeting", meetings.requests_met),
    ("minutes-signed", minutes.minutes_signed),
    ("minutes-adjusted", minutes.minutes_adjusted),
    ("minutes-dispatched", minutes.minutes_dispatched),
    ("group-reports", groups.reports_received),
    ("two-instalments", instalments.paid_by_the_due_day),
    ("reassessment", levels.assessed_for_each_term),
    ("settlement-agreement", settlement.settled_after_the_end),
    ("well-prepared", officials.well_prepared),
)

# What follows from the record on any day: told when everything is asked for, never a breach.
DERIVED: tuple[tuple[str, StandingRule], ...] = (
    ("adopted-by-every-assembly", agreement.adopted_by_all),
    ("amended-by-unanimity", agreement.amended_by_all),
    ("amended-by-unanimity", agreement.parties_left_out),
    ("ends-when-one-withdraws", agreement.ends_for_all),
    ("tasks", tasks.tasks_of_the_term),
    ("attached-to-board", seats.attached),
    ("chair", posts.chaired),
    ("recommendations", meetings.answered),
    ("consensus", meetings.by_consensus),
    ("group-recommendations", groups.recommended_by_groups),
    ("other-forms", officials.other_forms),
    ("region-bears-secretariat", bearing.nothing_borne_by_the_region),
    ("own-members-paid", bearing.no_fees),
    ("cost-level", levels.level_of_the_year),
    ("no-indexation-2024-2025", levels.frozen_years),
)

# The subject of what is judged, kind:id, by the event's own fields.
SUBJECTS: dict[type[Event], str] = {
    AgreementAdopted: "party:{0.assembly}",
    AgreementRejected: "party:{0.assembly}",
    WithdrawalDecided: "party:{0.party}",
    WithdrawalRevoked: "party:{0.party}",
    MemberAppointed: "seat:{0.party}/{0.seat}",
    ViceChairAppointed: "post:{0.post}",
    ViceChairReleased: "post:{0.post}",
    InstalmentClaimed: "year:{0.year}",
    CostLevelSet: "year:{0.year}",
    IndexationAgreed: "year:{0.year}",
    CommitmentMade: "commitment:{0.commitment}",
}

# A provision that speaks of only some of an event's kind.
APPLIES: dict[str, Callable[[Any], bool]] = {
    "two-per-municipality": lambda event: getattr(event, "seat", None) not in SEATS_OF["region"],
    "vice-chairs": lambda event: getattr(event, "seat", None) not in SEATS_OF["municipality"],
    "region-seats": lambda appointed: appointed.seat in SEATS_OF["region"],
    "region-bears-secretariat": lambda borne: borne.kind in bearing.OF_THE_REGION,
    "own-members-paid": lambda borne: borne.kind == "fees",
    "projects": lambda funded: funded.kind == "extra-financing",
}
