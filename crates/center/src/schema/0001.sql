CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Who works at the centre. Passwords are argon2id.
CREATE TABLE staff (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    password text NOT NULL,
    role text NOT NULL,
    disabled boolean NOT NULL DEFAULT false,
    failures integer NOT NULL DEFAULT 0,
    locked_until_ms bigint NOT NULL DEFAULT 0
);
CREATE TABLE signed_in (
    token_sha256 bytea PRIMARY KEY,
    staff uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    until_ms bigint NOT NULL
);

-- Collection points. The number is the prefix of the kiosk's order numbers: each is given once.
CREATE TABLE kiosks (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    point integer NOT NULL UNIQUE CHECK (point BETWEEN 0 AND 999999),
    public_key bytea UNIQUE,
    code_sha256 bytea UNIQUE,
    code_until_ms bigint,
    version text,
    made_ms bigint NOT NULL,
    enrolled_ms bigint,
    revoked_ms bigint,
    seen_ms bigint,
    last_change bigint NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    document jsonb NOT NULL,
    made_ms bigint NOT NULL,
    changed_ms bigint NOT NULL
);
CREATE TABLE kiosk_sessions (
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    session uuid NOT NULL REFERENCES sessions (id),
    PRIMARY KEY (kiosk, session)
);
CREATE INDEX kiosk_sessions_by_session ON kiosk_sessions (session);

-- Whose pictures lie in the store of blobs. The same bytes from two kiosks are one object.
CREATE TABLE blobs (
    sha256 bytea NOT NULL,
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    size bigint NOT NULL,
    made_ms bigint NOT NULL,
    PRIMARY KEY (sha256, kiosk)
);
-- Large blobs on their way.
CREATE TABLE uploads (
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    sha256 bytea NOT NULL,
    total bigint NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    parts bigint[] NOT NULL DEFAULT '{}',
    changed_ms bigint NOT NULL,
    PRIMARY KEY (kiosk, sha256)
);

-- Everything a kiosk sent, as it sent it. Nothing here is ever changed.
CREATE TABLE items (
    kind text NOT NULL,
    id uuid NOT NULL,
    revision integer NOT NULL,
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    sha256 bytea NOT NULL,
    body text NOT NULL,
    received_ms bigint NOT NULL,
    PRIMARY KEY (kind, id, revision)
);

CREATE TABLE subjects (
    id uuid PRIMARY KEY,
    session uuid NOT NULL REFERENCES sessions (id),
    details jsonb NOT NULL,
    code_sha256 bytea,
    gone boolean NOT NULL DEFAULT false,
    college text NOT NULL GENERATED ALWAYS AS (coalesce(details ->> 'college', '')) STORED,
    class_name text NOT NULL GENERATED ALWAYS AS (coalesce(details ->> 'class_name', '')) STORED,
    changed_ms bigint NOT NULL
);
CREATE INDEX subjects_by_session ON subjects (session, college, class_name);

-- Orders as they stand now: made of the items, and could be made again.
CREATE TABLE orders (
    id uuid PRIMARY KEY,
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    session uuid NOT NULL REFERENCES sessions (id),
    subject uuid NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    photo uuid NOT NULL,
    pictures jsonb NOT NULL,
    findings jsonb NOT NULL,
    details jsonb NOT NULL,
    product text NOT NULL,
    fee_fen integer NOT NULL,
    rejection text,
    -- What tells the same student at another kiosk: a document, a student number, a capture code.
    identity text,
    search text NOT NULL,
    college text NOT NULL GENERATED ALWAYS AS (coalesce(details ->> 'college', '')) STORED,
    class_name text NOT NULL GENERATED ALWAYS AS (coalesce(details ->> 'class_name', '')) STORED,
    created_ms bigint NOT NULL,
    first_ms bigint NOT NULL,
    changed_ms bigint NOT NULL,
    -- The decision that is on its way to the kiosk.
    deciding uuid
);
CREATE INDEX orders_by_session ON orders (session, state, first_ms, id);
CREATE INDEX orders_by_time ON orders (first_ms, id);
CREATE INDEX orders_by_state ON orders (state, first_ms, id);
CREATE INDEX orders_by_identity ON orders (session, identity) WHERE identity IS NOT NULL;
CREATE INDEX orders_by_subject ON orders (subject);
CREATE INDEX orders_by_words ON orders USING gin (search gin_trgm_ops);

CREATE TABLE prints (
    id uuid PRIMARY KEY,
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    session uuid NOT NULL REFERENCES sessions (id),
    revision integer NOT NULL,
    state text NOT NULL,
    copy integer NOT NULL,
    again_of uuid,
    title text NOT NULL,
    pages integer NOT NULL
);
CREATE INDEX prints_by_session ON prints (session);
-- One line a sheet, once, whatever happens on the way.
CREATE TABLE sheets (
    id uuid PRIMARY KEY,
    print uuid NOT NULL REFERENCES prints (id),
    code text NOT NULL,
    order_id uuid NOT NULL,
    photo uuid NOT NULL,
    copy integer NOT NULL,
    parcel uuid
);
CREATE INDEX sheets_by_print ON sheets (print);
CREATE INDEX sheets_by_order ON sheets (order_id);
CREATE INDEX sheets_by_parcel ON sheets (parcel) WHERE parcel IS NOT NULL;
CREATE TABLE parcels (
    id uuid PRIMARY KEY,
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    session uuid NOT NULL REFERENCES sessions (id),
    revision integer NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    college text NOT NULL,
    class_name text NOT NULL,
    order_id uuid,
    carrier text,
    tracking text
);
CREATE INDEX parcels_by_session ON parcels (session);

-- Decisions of the human review. `state`: made, handed (the kiosk has it), applied, overtaken, undone.
CREATE TABLE decisions (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders (id),
    photo uuid NOT NULL,
    verdict text NOT NULL,
    reason text,
    staff uuid NOT NULL REFERENCES staff (id),
    made_ms bigint NOT NULL,
    state text NOT NULL,
    revision integer,
    answered_ms bigint
);
CREATE INDEX decisions_by_order ON decisions (order_id, made_ms);
CREATE INDEX decisions_by_staff ON decisions (staff, made_ms);

-- What each kiosk is told. The number comes from its row in `kiosks`, whose lock puts writers in a row: a number that
-- can be seen never has a smaller one come after it.
CREATE TABLE changes (
    kiosk uuid NOT NULL REFERENCES kiosks (id),
    seq bigint NOT NULL,
    body jsonb NOT NULL,
    decision uuid,
    made_ms bigint NOT NULL,
    handed_ms bigint,
    PRIMARY KEY (kiosk, seq)
);
CREATE INDEX changes_by_decision ON changes (decision) WHERE decision IS NOT NULL;

-- Who did what at the centre. Rows are only added.
CREATE TABLE log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms bigint NOT NULL,
    staff uuid,
    kiosk uuid,
    what text NOT NULL,
    about jsonb NOT NULL
);
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER items_are_append_only BEFORE UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION append_only();
