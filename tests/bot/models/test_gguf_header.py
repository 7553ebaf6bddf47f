from __future__ import annotations

import struct
from pathlib import Path

import pytest
from gguf import GGMLQuantizationType
from gguf.constants import GGML_QUANT_SIZES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ModelFileError
from bot.models.ggml_types import TENSOR_TYPES
from bot.models.gguf_check import check_header
from bot.models.gguf_header import read_header
from tests.gguf_files import SOURCES, write_gguf


def changed(source: Path, target: Path, at: int, new: bytes) -> Path:
    content = source.read_bytes()
    target.write_bytes(content[:at] + new + content[at + len(new) :])
    return target


def after(path: Path, text: str) -> int:
    """Where in the file the bytes after a name begin."""
    return path.read_bytes().index(text.encode()) + len(text)


def test_the_header_says_what_the_model_is(tiny_gguf: Path) -> None:
    header = read_header(tiny_gguf)
    assert header.architecture == "llama"
    assert header.name == "tiny"
    assert header.licence == "apache-2.0"
    assert header.quantisation == "F32"
    assert header.context_length == 2048
    assert header.chat_template == SOURCES["chatml"]
    assert header.file_size == tiny_gguf.stat().st_size
    assert 100_000 < header.parameters < header.file_size / 4


def test_the_table_of_number_formats_is_that_of_the_gguf_package() -> None:
    theirs = {int(kind): (kind.name, *GGML_QUANT_SIZES[kind]) for kind in GGMLQuantizationType}
    ours = {number: (kind.name, kind.block, kind.size) for number, kind in TENSOR_TYPES.items()}
    assert ours == theirs


def test_a_whole_file_passes_the_check(tiny_gguf: Path) -> None:
    assert check_header(tiny_gguf) == read_header(tiny_gguf)


@pytest.mark.parametrize("kept", [4, 12, 23, 100, 5000, 0.5, 0.999])
def test_a_truncated_file_is_refused_with_its_name(tiny_gguf: Path, tmp_path: Path, kept: float) -> None:
    content = tiny_gguf.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    with pytest.raises(ModelFileError, match=r"cut\.gguf: .*(ends within its head|is cut off).*Download") as raised:
        check_header(path)
    assert raised.value.exit_code == 3


def test_a_file_of_another_kind_is_refused_with_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"<html>Not found</html>")
    with pytest.raises(ModelFileError, match=r"model\.gguf: this is not a GGUF file .*<htm.*model\.path"):
        check_header(path)


def test_a_missing_file_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"gone\.gguf: there is no such file. Set model\.path"):
        check_header(tmp_path / "gone.gguf")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.gguf"
    path.touch()
    with pytest.raises(ModelFileError, match=r"empty\.gguf: the file is empty"):
        check_header(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="can't be read"):
        check_header(tmp_path)


@pytest.mark.parametrize(
    ("at", "new", "complaint"),
    [
        (4, struct.pack("<I", 9), "GGUF version 9"),
        (8, struct.pack("<Q", 2**60), f"claims {2**60} tensors"),
        (16, struct.pack("<Q", 2**60), f"claims {2**60} metadata entries"),
        (24, struct.pack("<Q", 2**62), "ends within its head"),
    ],
)
def test_impossible_counts_are_refused(tiny_gguf: Path, tmp_path: Path, at: int, new: bytes, complaint: str) -> None:
    with pytest.raises(ModelFileError, match=complaint):
        check_header(changed(tiny_gguf, tmp_path / "bad.gguf", at, new))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("llama.context_length", 0),
        ("llama.embedding_length", 0),
        ("llama.block_count", 0),
        ("llama.block_count", 2**31),
    ],
)
def test_impossible_metadata_is_refused_by_its_name(tmp_path: Path, key: str, value: int) -> None:
    path = write_gguf(tmp_path / "bad.gguf", metadata={key: value})
    with pytest.raises(ModelFileError, match=rf"bad\.gguf: .*{key} is missing or impossible"):
        check_header(path)


def test_an_impossible_epsilon_is_refused(tiny_gguf: Path, tmp_path: Path) -> None:
    at = after(tiny_gguf, "llama.attention.layer_norm_rms_epsilon") + 4
    for number in (float("nan"), -1.0):
        with pytest.raises(ModelFileError, match=r"layer_norm_rms_epsilon is impossible"):
            check_header(changed(tiny_gguf, tmp_path / "bad.gguf", at, struct.pack("<f", number)))


def test_a_vocabulary_that_would_end_the_process_is_refused(tiny_gguf: Path, tmp_path: Path) -> None:
    at = after(tiny_gguf, "<0x4")
    with pytest.raises(ModelFileError, match="holds the same token twice"):
        check_header(changed(tiny_gguf, tmp_path / "twice.gguf", at, b"2"))
    with pytest.raises(ModelFileError, match="lacks some of the 256 bytes"):
        check_header(changed(tiny_gguf, tmp_path / "gap.gguf", at, b"z"))


def test_a_tensor_of_unknown_format_is_refused_by_its_name(tiny_gguf: Path, tmp_path: Path) -> None:
    name = "output_norm.weight"
    kind_at = after(tiny_gguf, name) + 4 + 8
    with pytest.raises(ModelFileError, match=f"{name} has the unknown number format 99"):
        check_header(changed(tiny_gguf, tmp_path / "bad.gguf", kind_at, struct.pack("<I", 99)))


def test_a_tensor_that_lies_past_the_end_is_refused(tiny_gguf: Path, tmp_path: Path) -> None:
    offset_at = after(tiny_gguf, "output_norm.weight") + 4 + 8 + 4
    with pytest.raises(ModelFileError, match=r"output_norm\.weight ends at byte"):
        check_header(changed(tiny_gguf, tmp_path / "bad.gguf", offset_at, struct.pack("<Q", 2**40)))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_to_the_head_is_read_or_refused_and_nothing_else(
    tiny_gguf: Path, tmp_path: Path, data: st.DataObject
) -> None:
    end = read_header(tiny_gguf).data_start
    at, new = data.draw(st.integers(0, end - 9)), data.draw(st.binary(min_size=1, max_size=8))
    path = changed(tiny_gguf, tmp_path / "damaged.gguf", at, new)
    try:
        header = check_header(path)
    except ModelFileError as error:
        assert str(path) in str(error)  # noqa: PT017 (either outcome is right)
    else:
        assert header.file_size == path.stat().st_size
