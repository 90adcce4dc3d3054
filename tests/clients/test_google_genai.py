"""The google-genai package for Python through the proxy."""

import time

import pytest
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET
from google import genai
from google.genai import errors

HOST = "generativelanguage.googleapis.com"
MODEL = "gemini-3-flash"


@pytest.fixture(autouse=True)
def no_keys_from_elsewhere(monkeypatch):
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def models():
    """Made on first use, when the environment has been set."""
    kept = []

    def get():
        kept.append(genai.Client(api_key="test"))
        return kept[-1].models

    yield get
    for client in kept:
        client.close()


def test_the_stand_in_satisfies_the_sdk_without_sluis(untouched, models):
    assert models().generate_content(model=MODEL, contents=CLEAN).text == f"Ik heb gelezen: {CLEAN}"
    chunks = [chunk.text or "" for chunk in models().generate_content_stream(model=MODEL, contents=CLEAN)]
    assert "".join(chunks) == f"Ik heb gelezen: {CLEAN}" and len(chunks) > 5


def test_a_clean_prompt_passes(through, watch, models):
    seen = watch(HOST)
    answer = models().generate_content(model=MODEL, contents=CLEAN)
    assert answer.text == f"Ik heb gelezen: {CLEAN}" and answer.usage_metadata.prompt_token_count > 0
    assert CLEAN in seen.bodies()[0] and seen.actions() == ["allow"]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_bsn_is_blocked_as_the_sdk_s_own_exception_with_our_sentence_and_without_retry(through, watch, models, streamed):
    seen, began = watch(HOST), time.monotonic()
    with pytest.raises(errors.ClientError) as refused:
        if streamed:
            list(models().generate_content_stream(model=MODEL, contents=SECRET))
        else:
            models().generate_content(model=MODEL, contents=SECRET)
    assert refused.value.code == 403 and refused.value.status == "PERMISSION_DENIED"
    assert "niet verstuurd" in str(refused.value) and BSN not in str(refused.value)
    assert seen.bodies() == [] and seen.actions() == ["block"] and time.monotonic() - began < 3


def test_an_e_mail_address_is_replaced_on_the_way_out_and_restored_in_the_answer(through, watch, models):
    seen = watch(HOST)
    assert models().generate_content(model=MODEL, contents=PERSONAL).text == f"Ik heb gelezen: {PERSONAL}"
    (body,) = seen.bodies()
    assert EMAIL not in body and "[EMAIL-1]" in body and seen.actions() == ["redact"]


def test_an_e_mail_address_is_restored_in_a_stream_that_cuts_the_placeholder(through, watch, models):
    seen = watch(HOST)
    chunks = [chunk.text or "" for chunk in models().generate_content_stream(model=MODEL, contents=PERSONAL)]
    assert "".join(chunks) == f"Ik heb gelezen: {PERSONAL}"
    assert EMAIL not in seen.bodies()[0]


@pytest.mark.parametrize("prompt", [CLEAN, PERSONAL])
def test_a_stream_arrives_event_by_event_while_the_origin_is_still_sending(through, watch, models, prompt):
    seen = watch(HOST)
    stream = models().generate_content_stream(model=MODEL, contents=prompt)
    next(iter(stream))
    assert seen.still_answering()
    times = [time.monotonic() for _ in stream]
    assert times[-1] - times[0] > 0.3
