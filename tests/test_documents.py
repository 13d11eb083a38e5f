"""The documents: found by the hash of their text, whatever their files are called."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief import documents
from ecobrief.documents import Document, NoDocuments


def test_a_document_is_found_by_the_hash_of_its_text(tmp_path: Path) -> None:
    (tmp_path / "any name.text").write_bytes("森林覆盖率".encode())
    digest = sha256("森林覆盖率".encode()).hexdigest()
    held = documents.held(tmp_path)
    assert set(held) == {digest}
    assert held[digest].text == "森林覆盖率"
    assert held[digest].path.name == "any name.text"


def test_a_text_with_one_other_character_is_another_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"76.30")
    (tmp_path / "b.txt").write_bytes(b"76.31")
    assert len(documents.held(tmp_path)) == 2


def test_line_ends_and_marks_are_kept_as_they_stand(tmp_path: Path) -> None:
    content = "\ufeff第一行\r\n第二行\n".encode()
    (tmp_path / "a.txt").write_bytes(content)
    (document,) = documents.held(tmp_path).values()
    assert document.text == "\ufeff第一行\r\n第二行\n"
    assert document.text_sha256 == sha256(content).hexdigest()


def test_offsets_count_characters_and_not_bytes() -> None:
    document = Document(Path("a.txt"), "林𠀀76.30%", "")
    assert document.span(2, 8) == "76.30%"


def test_files_that_are_no_utf_8_text_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\xff\xfe")
    (tmp_path / "gb.txt").write_bytes("森林覆盖率".encode("gb18030"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "sound.txt").write_bytes(b"sound")
    assert [document.text for document in documents.held(tmp_path).values()] == ["sound"]


def test_the_folder_named_comes_before_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "named").mkdir()
    monkeypatch.setenv("ECOBRIEF_DOCUMENTS", str(tmp_path))
    assert documents.folder(tmp_path / "named") == tmp_path / "named"
    assert documents.folder() == tmp_path


def test_without_a_folder_the_message_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECOBRIEF_DOCUMENTS", raising=False)
    with pytest.raises(NoDocuments, match="give --documents DIR or set ECOBRIEF_DOCUMENTS"):
        documents.folder()


def test_a_file_is_no_folder_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(NoDocuments, match="is no folder"):
        documents.folder(tmp_path / "a.txt")


@given(st.text(), st.text())
def test_equal_texts_have_equal_hashes_and_others_have_not(one: str, other: str) -> None:
    assert (documents.text_hash(one) == documents.text_hash(other)) == (one == other)
