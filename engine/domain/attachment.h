#pragma once

#include "engine/domain/data_item.h"
#include "engine/domain/ids.h"

#include <cstddef>
#include <string_view>

// What hangs on a mail: a document of its own, which nobody but who judges it opens until it is judged (I11).
namespace kintsugi {

// By what the sender's mail program says it is: a word of this list, and never a name that somebody typed (I10).
enum class AttachmentKind {
  text,
  image,
  audio,
  video,
  office,   // PDF, word processor, sheet, slides
  archive,  // holds other files
  mail,     // a whole mail, with whatever hangs on it
  dicom,
  other,
};
constexpr auto names_of(AttachmentKind) {
  using enum AttachmentKind;
  return names<AttachmentKind>({{text, "text"},
                                {image, "image"},
                                {audio, "audio"},
                                {video, "video"},
                                {office, "office"},
                                {archive, "archive"},
                                {mail, "mail"},
                                {dicom, "dicom"},
                                {other, "other"}});
}

struct Attachment {
  DocumentId document;
  AttachmentKind kind = AttachmentKind::other;
  Phi phi = Phi::unknown;  // unknown: nobody has judged it
  PersonId judged_by;
  Instant judged_at{};
  bool is_judged() const { return phi != Phi::unknown; }
  auto operator<=>(const Attachment&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("document", &Attachment::document), field("kind", &Attachment::kind),
                      field("phi", &Attachment::phi), field("judged_by", &Attachment::judged_by),
                      field("judged_at", &Attachment::judged_at)};
  }
};

// Of one case. One that comes later is a document like the others and is never judged: only who judges opens it.
constexpr std::size_t attachments_max = 500;

// By Document::place.
constexpr bool is_attachment(std::string_view place) {
  return place.ends_with("/attachments/content");
}
// A mail as it was received, attachments and all.
constexpr bool is_original(std::string_view place) {
  return place.ends_with("/message");
}

}  // namespace kintsugi
