"""The addresses of the daily work: preparing the day, contacts, answers, calls and tasks, and the capture mailbox."""

from django.urls import URLPattern, path

from puntual.desk.views import answers, calls, contacts, costs, mailbox, preparing, proofs, unclear

inside: list[URLPattern] = [
    path("run", preparing.run, name="run_day"),
    path("run/progress", preparing.progress, name="day_progress"),
    path("activities/", contacts.activities, name="activities"),
    path("activities/approve", contacts.approve_many, name="activities_approve"),
    path("activities/unclear/", unclear.unclear, name="unclear"),
    path("activities/unclear/<uuid:activity_id>", unclear.unclear_one, name="unclear_one"),
    path("activities/unclear/<uuid:activity_id>/resolve", unclear.resolve, name="activity_resolve"),
    path("activities/proofs/", proofs.proofs, name="proofs"),
    path("activities/proofs/<uuid:activity_id>", proofs.prove, name="prove"),
    path("activities/proofs/file/<uuid:proof_id>", proofs.proof_file, name="proof_file"),
    path("activities/<uuid:activity_id>", contacts.activity, name="activity"),
    path("activities/<uuid:activity_id>/approve", contacts.approve, name="activity_approve"),
    path("activities/<uuid:activity_id>/edit", contacts.edit, name="activity_edit"),
    path("activities/<uuid:activity_id>/pause", contacts.pause, name="activity_pause"),
    path("activities/<uuid:activity_id>/drop", contacts.drop, name="activity_drop"),
    path("answers/", answers.answers, name="answers"),
    path("answers/<uuid:answer_id>", answers.answer, name="answer"),
    path("answers/<uuid:answer_id>/outcome", answers.outcome, name="answer_outcome"),
    path("answers/<uuid:answer_id>/assign", answers.assign, name="answer_assign"),
    path("answers/<uuid:answer_id>/files/<int:number>", answers.attachment, name="answer_attachment"),
    path("answers/<uuid:answer_id>.eml", answers.download, name="answer_file"),
    path("queue/", calls.queue, name="queue"),
    path("queue/costs", costs.costs, name="contact_costs"),
    path("queue/next", calls.next_one, name="queue_next"),
    path("queue/undo/<uuid:turn_id>", calls.take_back, name="queue_undo"),
    path("queue/<uuid:activity_id>", calls.call, name="call"),
    path("queue/<uuid:activity_id>/skip", calls.skip, name="call_skip"),
    path("queue/<uuid:activity_id>/now", calls.engage, name="call_engage"),
    path("queue/<uuid:activity_id>/result", calls.result, name="call_result"),
    path("queue/<uuid:activity_id>/minutes", calls.minutes, name="call_minutes"),
    path("customers/<uuid:customer_id>/arrange", calls.arrange, name="customer_arrange"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<uuid:message_id>", mailbox.message, name="captured"),
    path("mailbox/<uuid:message_id>/letter", mailbox.letter, name="captured_letter"),
    path("mailbox/<uuid:message_id>.eml", mailbox.download, name="captured_file"),
]
