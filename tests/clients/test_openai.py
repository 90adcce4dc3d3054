"""The openai package for Python through the proxy: chat completions and responses."""

import time

import openai
import pytest
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET

HOST = "api.openai.com"


def client(**more):
    return openai.OpenAI(api_key="sk-test", timeout=30, **more)


def chat(prompt, openai_client=None, **more):
    return (openai_client or client()).chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": prompt}], **more)


def test_the_stand_in_satisfies_the_sdk_without_sluis(untouched):
    assert chat(CLEAN).choices[0].message.content == f"Ik heb gelezen: {CLEAN}"
    parts = [chunk.choices[0].delta.content or "" for chunk in chat(CLEAN, stream=True) if chunk.choices]
    assert "".join(parts) == f"Ik heb gelezen: {CLEAN}" and len(parts) > 5
    assert client().responses.create(model="gpt-5", input=CLEAN).output_text == f"Ik heb gelezen: {CLEAN}"
    with client().responses.stream(model="gpt-5", input=CLEAN) as stream:
        assert stream.get_final_response().output_text == f"Ik heb gelezen: {CLEAN}"


def test_a_clean_prompt_passes(through, watch):
    seen = watch(HOST)
    answer = chat(CLEAN)
    assert answer.choices[0].message.content == f"Ik heb gelezen: {CLEAN}"
    assert answer.usage.prompt_tokens > 0
    assert len(seen.bodies()) == 1 and CLEAN in seen.bodies()[0]
    assert seen.actions() == ["allow"]


def test_a_clean_prompt_passes_by_the_responses_api(through, watch):
    seen = watch(HOST)
    assert client().responses.create(model="gpt-5", input=CLEAN).output_text == f"Ik heb gelezen: {CLEAN}"
    assert seen.actions() == ["allow"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_bsn_is_blocked_as_the_sdk_s_own_exception_with_our_sentence_and_without_retry(through, watch, stream):
    seen, began = watch(HOST), time.monotonic()
    with pytest.raises(openai.PermissionDeniedError) as refused:
        list(chat(SECRET, stream=stream))
    assert "niet verstuurd" in str(refused.value) and "BSN" in str(refused.value)
    assert refused.value.status_code == 403 and BSN not in str(refused.value)
    assert refused.value.response.headers["x-should-retry"] == "false"
    assert seen.bodies() == [] and seen.actions() == ["block"] and time.monotonic() - began < 3


def test_a_bsn_is_blocked_by_the_responses_api(through, watch):
    seen = watch(HOST)
    with pytest.raises(openai.PermissionDeniedError, match="niet verstuurd"):
        client().responses.create(model="gpt-5", input=SECRET)
    assert seen.bodies() == [] and seen.actions() == ["block"]


def test_the_sentence_is_in_the_language_of_the_client(through):
    with pytest.raises(openai.PermissionDeniedError, match="was not sent"):
        chat(SECRET, client(default_headers={"Accept-Language": "en-GB"}))


def test_an_e_mail_address_is_replaced_on_the_way_out_and_restored_in_the_answer(through, watch):
    seen = watch(HOST)
    answer = chat(PERSONAL)
    assert answer.choices[0].message.content == f"Ik heb gelezen: {PERSONAL}"
    (body,) = seen.bodies()
    assert EMAIL not in body and "[EMAIL-1]" in body
    assert seen.actions() == ["redact"]


def test_an_e_mail_address_is_restored_in_a_stream_that_cuts_the_placeholder(through, watch):
    seen = watch(HOST)
    parts = [chunk.choices[0].delta.content or "" for chunk in chat(PERSONAL, stream=True) if chunk.choices]
    assert "".join(parts) == f"Ik heb gelezen: {PERSONAL}"
    (body,) = seen.bodies()
    assert EMAIL not in body and "[EMAIL-1]" in body


def test_an_e_mail_address_is_restored_in_a_stream_of_the_responses_api(through, watch):
    seen = watch(HOST)
    with client().responses.stream(model="gpt-5", input=PERSONAL) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        whole = stream.get_final_response().output_text
    assert "".join(deltas) == f"Ik heb gelezen: {PERSONAL}" == whole
    assert EMAIL not in seen.bodies()[0]


@pytest.mark.parametrize("prompt", [CLEAN, PERSONAL])
def test_a_stream_arrives_event_by_event_while_the_origin_is_still_sending(through, watch, prompt):
    seen = watch(HOST)
    stream = chat(prompt, stream=True)
    next(iter(stream))
    assert seen.still_answering()
    times = [time.monotonic() for _ in stream]
    assert times[-1] - times[0] > 0.3


def test_a_conversation_keeps_its_placeholders_and_its_history_is_cleaned_too(through, watch):
    seen = watch(HOST)
    messages = [
        {"role": "user", "content": PERSONAL},
        {"role": "assistant", "content": f"Beste {EMAIL}, uw vergunning ligt klaar."},
        {"role": "user", "content": "Maak het korter."},
    ]
    client().chat.completions.create(model="gpt-5", messages=messages)
    (body,) = seen.bodies()
    assert EMAIL not in body and body.count("[EMAIL-1]") == 2


def test_a_file_with_a_bsn_is_blocked(through, watch):
    seen = watch(HOST)
    with pytest.raises(openai.PermissionDeniedError, match="niet verstuurd"):
        client().files.create(file=("aanvragen.csv", f"naam;bsn\nP. Voorbeeld;{BSN}\n".encode()), purpose="user_data")
    assert seen.bodies() == [] and seen.actions() == ["block"]


def test_the_async_client_works_alike(through, watch):
    import asyncio

    async def go():
        async with openai.AsyncOpenAI(api_key="sk-test", timeout=30) as sdk:
            with pytest.raises(openai.PermissionDeniedError, match="niet verstuurd"):
                await sdk.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": SECRET}])
            answer = await sdk.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": PERSONAL}])
            return answer.choices[0].message.content

    assert asyncio.run(go()) == f"Ik heb gelezen: {PERSONAL}"
