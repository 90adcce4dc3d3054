"""The anthropic package for Python through the proxy."""

import time

import anthropic
import pytest
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET

HOST = "api.anthropic.com"


def client():
    return anthropic.Anthropic(api_key="test", timeout=30)


def ask(prompt, **more):
    return client().messages.create(model="claude-sonnet-5", max_tokens=500, messages=[{"role": "user", "content": prompt}], **more)


def stream(prompt):
    return client().messages.stream(model="claude-sonnet-5", max_tokens=500, messages=[{"role": "user", "content": prompt}])


def test_the_stand_in_satisfies_the_sdk_without_sluis(untouched):
    assert ask(CLEAN).content[0].text == f"Ik heb gelezen: {CLEAN}"
    with stream(CLEAN) as events:
        assert "".join(events.text_stream) == f"Ik heb gelezen: {CLEAN}"


def test_a_clean_prompt_passes(through, watch):
    seen = watch(HOST)
    answer = ask(CLEAN)
    assert answer.content[0].text == f"Ik heb gelezen: {CLEAN}" and answer.usage.output_tokens > 0
    assert CLEAN in seen.bodies()[0] and seen.actions() == ["allow"]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_bsn_is_blocked_as_the_sdk_s_own_exception_with_our_sentence_and_without_retry(through, watch, streamed):
    seen, began = watch(HOST), time.monotonic()
    with pytest.raises(anthropic.PermissionDeniedError) as refused:
        list(ask(SECRET, stream=streamed))
    assert "niet verstuurd" in str(refused.value) and BSN not in str(refused.value)
    assert refused.value.body["error"]["type"] == "permission_error"
    assert seen.bodies() == [] and seen.actions() == ["block"] and time.monotonic() - began < 3


def test_a_bsn_in_the_system_prompt_is_blocked(through, watch):
    seen = watch(HOST)
    with pytest.raises(anthropic.PermissionDeniedError):
        ask(CLEAN, system=f"Je helpt de burger met BSN {BSN}.")
    assert seen.bodies() == []


def test_an_e_mail_address_is_replaced_on_the_way_out_and_restored_in_the_answer(through, watch):
    seen = watch(HOST)
    assert ask(PERSONAL).content[0].text == f"Ik heb gelezen: {PERSONAL}"
    (body,) = seen.bodies()
    assert EMAIL not in body and "[EMAIL-1]" in body and seen.actions() == ["redact"]


def test_an_e_mail_address_is_restored_in_a_stream_that_cuts_the_placeholder(through, watch):
    seen = watch(HOST)
    with stream(PERSONAL) as events:
        assert "".join(events.text_stream) == f"Ik heb gelezen: {PERSONAL}"
        assert events.get_final_message().stop_reason == "end_turn"
    assert EMAIL not in seen.bodies()[0]


@pytest.mark.parametrize("prompt", [CLEAN, PERSONAL])
def test_a_stream_arrives_event_by_event_while_the_origin_is_still_sending(through, watch, prompt):
    seen = watch(HOST)
    with stream(prompt) as events:
        next(iter(events.text_stream))
        assert seen.still_answering()
        times = [time.monotonic() for _ in events.text_stream]
    assert times[-1] - times[0] > 0.3
