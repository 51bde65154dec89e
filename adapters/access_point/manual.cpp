#include "adapters/access_point/manual.h"

#include <fmt/format.h>

namespace kintsugi::access_point {

namespace {

Text door_of(const Order& order, const AccessPoint* at) {
  const std::string label = at == nullptr || at->maker_model.empty() ? order.at.text() : at->maker_model;
  switch (order.hop) {
    case Hop::exit: return {"RSC出口（" + label + "）", "the RSC exit (" + label + ")"};
    case Hop::access_point: return {"院内アクセスポイント（" + label + "）", "the access point (" + label + ")"};
    case Hop::route: return {"装置までの経路（" + label + "）", "the route to the device (" + label + ")"};
    case Hop::probe: return {"RSC側からの到達確認", "the probe from the RSC's network"};
  }
  return {};
}

Text task_of(const Order& order) {
  switch (order.order) {
    case OrderKind::arm:
      return {"次の許可を登録してください。開始時刻まで通信を通さないこと。",
              "Enter this grant. Let no traffic through before its start."};
    case OrderKind::open:
      return {"次の許可で接続を開いてください。終了時刻に必ず自動で閉じるよう設定すること。",
              "Open the connection for this grant. Set it so that it closes by itself at its end."};
    case OrderKind::close:
      return {"接続を閉じ、残っている通信を切断し、作業用アカウントを無効にしてください。",
              "Close the connection, cut what is left of its traffic and disable its accounts."};
    case OrderKind::kill:
      return {"【緊急】ただちに接続を切断してください。設定でできなければケーブルを抜いてください。",
              "EMERGENCY: cut the connection now. If settings do not do it, pull the cable."};
    case OrderKind::check:
      return {"接続の状態と残っている通信の数を確認してください。",
              "Look whether the connection is open, and how many sessions are left."};
  }
  return {};
}

Text level_of(AccessLevel level) {
  switch (level) {
    case AccessLevel::view: return {"画面の閲覧のみ", "looking only"};
    case AccessLevel::control: return {"操作", "control"};
    case AccessLevel::file: return {"操作とファイル転送", "control and files"};
    case AccessLevel::service_mode: return {"サービスモード", "service mode"};
  }
  return {};
}

bool is_closing(OrderKind order) {
  return order == OrderKind::close || order == OrderKind::kill;
}

std::string either(const std::string& wanted, const std::string& other) {
  return wanted.empty() ? other : wanted;
}

}  // namespace

Result<std::vector<HopAnswer>> ManualController::carry_out(const Order&, const std::string&) {
  return std::vector<HopAnswer>{};
}

Text instruction(const Order& order, const Directory& directory) {
  const AccessPoint* at = directory.access_point(order.at);
  const Device* device = directory.device(order.device);
  const Organisation* hospital = device == nullptr ? nullptr : directory.organisation(device->tenant);
  const Calendar calendar = hospital == nullptr ? Calendar{} : hospital->calendar;

  const Text door = door_of(order, at);
  const Text task = task_of(order);
  const std::string& id = order.device.text();
  const Text name =
      device == nullptr ? Text{id, id} : Text{either(device->nickname.ja, id), either(device->nickname.en, id)};
  const std::string serial = device == nullptr ? std::string() : device->serial;
  const std::string address = device == nullptr ? std::string() : device->address;

  Text out;
  out.ja = fmt::format("{}\n{}\n許可番号: {}（第{}世代）\n装置: {}", door.ja, task.ja, order.grant.text(),
                       order.generation, name.ja);
  out.en = fmt::format("At {}:\n{}\nGrant: {} (generation {})\nDevice: {}", door.en, task.en, order.grant.text(),
                       order.generation, name.en);
  if (!serial.empty()) {
    out.ja += fmt::format("　製造番号 {}", serial);
    out.en += fmt::format(", serial number {}", serial);
  }
  if (!address.empty()) {
    out.ja += fmt::format("　接続先 {}", address);
    out.en += fmt::format(", address {}", address);
  }

  if (order.order == OrderKind::arm || order.order == OrderKind::open) {
    const auto both = [&](Instant when) { return to_local_text(calendar, when) + " (" + to_text(when) + ")"; };
    out.ja += fmt::format("\n開始: {}\n終了: {}", both(order.window.opens), both(order.window.closes));
    out.en += fmt::format("\nFrom: {}\nUntil: {}", both(order.window.opens), both(order.window.closes));
    const Text level = level_of(order.level);
    out.ja += "\nアクセスの範囲: " + level.ja;
    out.en += "\nAccess: " + level.en;
    for (const PersonId& id_of_worker : order.workers) {
      const Person* worker = directory.person(id_of_worker);
      const std::string& text = id_of_worker.text();
      out.ja += "\n作業者: " + (worker == nullptr ? text : either(worker->name.ja, text));
      out.en += "\nWorker: " + (worker == nullptr ? text : either(worker->name.en, text));
    }
    out.ja += "\n設定後、装置画面の製造番号が上と同じことを確かめ、記録（ログまたは写真）を添えて報告してください。";
    out.en +=
        "\nAfterwards compare the serial number on the device with the one above, and report with a log line or a "
        "photograph.";
  } else if (is_closing(order.order)) {
    out.ja += "\n切断後、残っている通信が0であることを確かめ、記録（ログまたは写真）を添えて報告してください。";
    out.en += "\nAfterwards see that no session is left, and report with a log line or a photograph.";
  }
  return out;
}

}  // namespace kintsugi::access_point
