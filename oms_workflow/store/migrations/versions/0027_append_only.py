"""Let ledgers and logs only grow, and have the database refuse what compares rows: triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_append_only"
down_revision = "0026_waves"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER stock_entries_only_grow_update AFTER UPDATE ON stock_entries FOR EACH ROW WHEN 1 "
    "= 1 BEGIN SELECT RAISE(ABORT, 'stock_entries_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER stock_entries_only_grow_delete AFTER DELETE ON stock_entries FOR EACH ROW WHEN 1 "
    "= 1 BEGIN SELECT RAISE(ABORT, 'stock_entries_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER line_moves_only_grow_update AFTER UPDATE ON line_moves FOR EACH ROW WHEN 1 = 1 "
    "BEGIN SELECT RAISE(ABORT, 'line_moves_only_grow: what happened is neither changed nor deleted'); "
    "END",
    "CREATE TRIGGER line_moves_only_grow_delete AFTER DELETE ON line_moves FOR EACH ROW WHEN 1 = 1 "
    "BEGIN SELECT RAISE(ABORT, 'line_moves_only_grow: what happened is neither changed nor deleted'); "
    "END",
    "CREATE TRIGGER tracking_events_only_grow_update AFTER UPDATE ON tracking_events FOR EACH ROW "
    "WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'tracking_events_only_grow: what happened is neither "
    "changed nor deleted'); END",
    "CREATE TRIGGER tracking_events_only_grow_delete AFTER DELETE ON tracking_events FOR EACH ROW "
    "WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'tracking_events_only_grow: what happened is neither "
    "changed nor deleted'); END",
    "CREATE TRIGGER settlement_lines_only_grow_update AFTER UPDATE ON settlement_lines FOR EACH ROW "
    "WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_lines_only_grow: what happened is neither "
    "changed nor deleted'); END",
    "CREATE TRIGGER settlement_lines_only_grow_delete AFTER DELETE ON settlement_lines FOR EACH ROW "
    "WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'settlement_lines_only_grow: what happened is neither "
    "changed nor deleted'); END",
    "CREATE TRIGGER cancellations_only_grow_update AFTER UPDATE ON cancellations FOR EACH ROW WHEN 1 "
    "= 1 BEGIN SELECT RAISE(ABORT, 'cancellations_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER cancellations_only_grow_delete AFTER DELETE ON cancellations FOR EACH ROW WHEN 1 "
    "= 1 BEGIN SELECT RAISE(ABORT, 'cancellations_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER order_audits_only_grow_update AFTER UPDATE ON order_audits FOR EACH ROW WHEN 1 = "
    "1 BEGIN SELECT RAISE(ABORT, 'order_audits_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER order_audits_only_grow_delete AFTER DELETE ON order_audits FOR EACH ROW WHEN 1 = "
    "1 BEGIN SELECT RAISE(ABORT, 'order_audits_only_grow: what happened is neither changed nor "
    "deleted'); END",
    "CREATE TRIGGER records_only_grow_update AFTER UPDATE ON records FOR EACH ROW WHEN 1 = 1 BEGIN "
    "SELECT RAISE(ABORT, 'records_only_grow: what happened is neither changed nor deleted'); END",
    "CREATE TRIGGER records_only_grow_delete AFTER DELETE ON records FOR EACH ROW WHEN 1 = 1 BEGIN "
    "SELECT RAISE(ABORT, 'records_only_grow: what happened is neither changed nor deleted'); END",
    "CREATE TRIGGER money_gone_was_captured_insert AFTER INSERT ON payment_transactions FOR EACH ROW "
    "WHEN NEW.kind IN ('refund', 'transfer') AND NEW.status <> 'failed' AND (SELECT SUM(CASE WHEN "
    "kind = 'capture' AND status = 'succeeded' THEN amount WHEN kind IN ('refund', 'transfer') AND "
    "status <> 'failed' THEN -amount ELSE 0 END) FROM payment_transactions WHERE order_id = "
    "NEW.order_id) < 0 BEGIN SELECT RAISE(ABORT, 'money_gone_was_captured: more would go back than "
    "was captured'); END",
    "CREATE TRIGGER money_gone_was_captured_update AFTER UPDATE ON payment_transactions FOR EACH ROW "
    "WHEN NEW.kind IN ('refund', 'transfer') AND NEW.status <> 'failed' AND (SELECT SUM(CASE WHEN "
    "kind = 'capture' AND status = 'succeeded' THEN amount WHEN kind IN ('refund', 'transfer') AND "
    "status <> 'failed' THEN -amount ELSE 0 END) FROM payment_transactions WHERE order_id = "
    "NEW.order_id) < 0 BEGIN SELECT RAISE(ABORT, 'money_gone_was_captured: more would go back than "
    "was captured'); END",
    "CREATE TRIGGER settled_stays_settled_update AFTER UPDATE ON payment_transactions FOR EACH ROW "
    "WHEN NEW.amount <> OLD.amount OR NEW.kind <> OLD.kind OR NEW.order_id <> OLD.order_id OR "
    "(OLD.status <> 'pending' AND NEW.status <> OLD.status AND NOT (OLD.kind = 'transfer' AND "
    "NEW.status = 'failed')) BEGIN SELECT RAISE(ABORT, "
    "'settled_stays_settled: a transaction that succeeded or failed is over, and no amount is "
    "changed'); END",
    "CREATE TRIGGER fate_is_decided_once_update AFTER UPDATE ON fulfilments FOR EACH ROW WHEN "
    "OLD.fate IS NOT NULL AND (NEW.fate IS NULL OR NEW.fate <> OLD.fate) BEGIN SELECT RAISE(ABORT, "
    "'fate_is_decided_once: cancelling and shipping have one winner'); END",
    "CREATE TRIGGER nothing_ships_on_hold_update AFTER UPDATE ON shipments FOR EACH ROW WHEN "
    "NEW.status = 'handed_over' AND OLD.status <> 'handed_over' AND EXISTS (SELECT 1 FROM "
    "fulfilment_lines f JOIN order_lines l ON l.id = f.line_id JOIN order_holds h ON h.order_id = "
    "l.order_id WHERE f.fulfilment_id = NEW.fulfilment_id AND h.status <> 'resolved' AND ' ' || "
    "h.blocks || ' ' LIKE '% ship %' AND h.opened_at < NEW.handed_over_at) BEGIN SELECT RAISE(ABORT, "
    "'nothing_ships_on_hold: a hold on one of its orders blocks shipping'); END",
    "CREATE TRIGGER paid_reservations_stay_insert AFTER INSERT ON stock_claims FOR EACH ROW WHEN "
    "NEW.reserved > 0 AND NEW.expires_at IS NOT NULL AND EXISTS (SELECT 1 FROM orders o WHERE o.id = "
    "NEW.order_id AND o.cancelled_at IS NULL AND (o.terms = 'on_delivery' OR (SELECT "
    "COALESCE(SUM(t.amount), 0) FROM payment_transactions t WHERE t.order_id = o.id AND t.kind = "
    "'capture' AND t.status = 'succeeded') >= o.freight + o.adjustment + (SELECT SUM(l.unit_price * "
    "l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id))) BEGIN SELECT "
    "RAISE(ABORT, 'paid_reservations_stay: the order is paid, so its reservation has no end'); END",
    "CREATE TRIGGER paid_reservations_stay_update AFTER UPDATE ON stock_claims FOR EACH ROW WHEN "
    "NEW.reserved > 0 AND NEW.expires_at IS NOT NULL AND EXISTS (SELECT 1 FROM orders o WHERE o.id = "
    "NEW.order_id AND o.cancelled_at IS NULL AND (o.terms = 'on_delivery' OR (SELECT "
    "COALESCE(SUM(t.amount), 0) FROM payment_transactions t WHERE t.order_id = o.id AND t.kind = "
    "'capture' AND t.status = 'succeeded') >= o.freight + o.adjustment + (SELECT SUM(l.unit_price * "
    "l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id))) BEGIN SELECT "
    "RAISE(ABORT, 'paid_reservations_stay: the order is paid, so its reservation has no end'); END",
)

POSTGRESQL = (
    "CREATE FUNCTION stock_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
    "THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'stock_entries_only_grow', TABLE = "
    "'stock_entries', MESSAGE = 'stock_entries_only_grow: what happened is neither changed nor "
    "deleted'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER stock_entries_only_grow AFTER UPDATE OR DELETE ON stock_entries FOR EACH ROW "
    "EXECUTE FUNCTION stock_entries_only_grow()",
    "CREATE FUNCTION line_moves_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
    "THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'line_moves_only_grow', TABLE = "
    "'line_moves', MESSAGE = 'line_moves_only_grow: what happened is neither changed nor deleted'; "
    "END IF; RETURN NULL; END $$",
    "CREATE TRIGGER line_moves_only_grow AFTER UPDATE OR DELETE ON line_moves FOR EACH ROW EXECUTE "
    "FUNCTION line_moves_only_grow()",
    "CREATE FUNCTION tracking_events_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
    "1 THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'tracking_events_only_grow', TABLE "
    "= 'tracking_events', MESSAGE = 'tracking_events_only_grow: what happened is neither changed nor "
    "deleted'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER tracking_events_only_grow AFTER UPDATE OR DELETE ON tracking_events FOR EACH ROW "
    "EXECUTE FUNCTION tracking_events_only_grow()",
    "CREATE FUNCTION settlement_lines_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = "
    "1 THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'settlement_lines_only_grow', TABLE "
    "= 'settlement_lines', MESSAGE = 'settlement_lines_only_grow: what happened is neither changed "
    "nor deleted'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER settlement_lines_only_grow AFTER UPDATE OR DELETE ON settlement_lines FOR EACH "
    "ROW EXECUTE FUNCTION settlement_lines_only_grow()",
    "CREATE FUNCTION cancellations_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
    "THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'cancellations_only_grow', TABLE = "
    "'cancellations', MESSAGE = 'cancellations_only_grow: what happened is neither changed nor "
    "deleted'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER cancellations_only_grow AFTER UPDATE OR DELETE ON cancellations FOR EACH ROW "
    "EXECUTE FUNCTION cancellations_only_grow()",
    "CREATE FUNCTION order_audits_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 "
    "THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'order_audits_only_grow', TABLE = "
    "'order_audits', MESSAGE = 'order_audits_only_grow: what happened is neither changed nor "
    "deleted'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER order_audits_only_grow AFTER UPDATE OR DELETE ON order_audits FOR EACH ROW "
    "EXECUTE FUNCTION order_audits_only_grow()",
    "CREATE FUNCTION records_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 1 = 1 THEN "
    "RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'records_only_grow', TABLE = 'records', "
    "MESSAGE = 'records_only_grow: what happened is neither changed nor deleted'; END IF; RETURN "
    "NULL; END $$",
    "CREATE TRIGGER records_only_grow AFTER UPDATE OR DELETE ON records FOR EACH ROW EXECUTE FUNCTION "
    "records_only_grow()",
    "CREATE FUNCTION money_gone_was_captured() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
    "NEW.kind IN ('refund', 'transfer') AND NEW.status <> 'failed' AND (SELECT SUM(CASE WHEN kind = "
    "'capture' AND status = 'succeeded' THEN amount WHEN kind IN ('refund', 'transfer') AND status <> "
    "'failed' THEN -amount ELSE 0 END) FROM payment_transactions WHERE order_id = NEW.order_id) < 0 "
    "THEN RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'money_gone_was_captured', TABLE = "
    "'payment_transactions', MESSAGE = 'money_gone_was_captured: more would go back than was "
    "captured'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER money_gone_was_captured AFTER INSERT OR UPDATE ON payment_transactions FOR EACH "
    "ROW EXECUTE FUNCTION money_gone_was_captured()",
    "CREATE FUNCTION settled_stays_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
    "NEW.amount <> OLD.amount OR NEW.kind <> OLD.kind OR NEW.order_id <> OLD.order_id OR (OLD.status "
    "<> 'pending' AND NEW.status <> OLD.status AND NOT (OLD.kind = 'transfer' AND NEW.status = "
    "'failed')) THEN RAISE EXCEPTION USING ERRCODE = '23514', "
    "CONSTRAINT = 'settled_stays_settled', TABLE = 'payment_transactions', MESSAGE = "
    "'settled_stays_settled: a transaction that succeeded or failed is over, and no amount is "
    "changed'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER settled_stays_settled AFTER UPDATE ON payment_transactions FOR EACH ROW EXECUTE "
    "FUNCTION settled_stays_settled()",
    "CREATE FUNCTION fate_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.fate "
    "IS NOT NULL AND (NEW.fate IS NULL OR NEW.fate <> OLD.fate) THEN RAISE EXCEPTION USING ERRCODE = "
    "'23514', CONSTRAINT = 'fate_is_decided_once', TABLE = 'fulfilments', MESSAGE = "
    "'fate_is_decided_once: cancelling and shipping have one winner'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER fate_is_decided_once AFTER UPDATE ON fulfilments FOR EACH ROW EXECUTE FUNCTION "
    "fate_is_decided_once()",
    "CREATE FUNCTION nothing_ships_on_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
    "NEW.status = 'handed_over' AND OLD.status <> 'handed_over' AND EXISTS (SELECT 1 FROM "
    "fulfilment_lines f JOIN order_lines l ON l.id = f.line_id JOIN order_holds h ON h.order_id = "
    "l.order_id WHERE f.fulfilment_id = NEW.fulfilment_id AND h.status <> 'resolved' AND ' ' || "
    "h.blocks || ' ' LIKE '% ship %' AND h.opened_at < NEW.handed_over_at) THEN RAISE EXCEPTION USING "
    "ERRCODE = '23514', CONSTRAINT = 'nothing_ships_on_hold', TABLE = 'shipments', MESSAGE = "
    "'nothing_ships_on_hold: a hold on one of its orders blocks shipping'; END IF; RETURN NULL; END "
    "$$",
    "CREATE TRIGGER nothing_ships_on_hold AFTER UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION "
    "nothing_ships_on_hold()",
    "CREATE FUNCTION paid_reservations_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
    "NEW.reserved > 0 AND NEW.expires_at IS NOT NULL AND EXISTS (SELECT 1 FROM orders o WHERE o.id = "
    "NEW.order_id AND o.cancelled_at IS NULL AND (o.terms = 'on_delivery' OR (SELECT "
    "COALESCE(SUM(t.amount), 0) FROM payment_transactions t WHERE t.order_id = o.id AND t.kind = "
    "'capture' AND t.status = 'succeeded') >= o.freight + o.adjustment + (SELECT SUM(l.unit_price * "
    "l.ordered - l.discount + l.tax) FROM order_lines l WHERE l.order_id = o.id))) THEN RAISE "
    "EXCEPTION USING ERRCODE = '23514', CONSTRAINT = 'paid_reservations_stay', TABLE = "
    "'stock_claims', MESSAGE = 'paid_reservations_stay: the order is paid, so its reservation has no "
    "end'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER paid_reservations_stay AFTER INSERT OR UPDATE ON stock_claims FOR EACH ROW "
    "EXECUTE FUNCTION paid_reservations_stay()",
)


def upgrade() -> None:
    """Make them; rows that are there already are not looked at."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Take them away again."""
    names = [(words[2], words[6]) for words in map(str.split, SQLITE)]
    if op.get_bind().dialect.name == "sqlite":
        for name, _ in names:
            op.execute(sa.text(f"DROP TRIGGER {name}"))
        return
    for name in dict.fromkeys(name.rpartition("_")[0] for name, _ in names):
        op.execute(sa.text(f"DROP FUNCTION {name} CASCADE"))
