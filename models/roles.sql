-- Least privilege on PostgreSQL: four roles without a login, and what each may do with each table. What is not named
-- here is granted to nobody, so it is to be run again after `scrapy db upgrade`. It may be run any number of times, by
-- a superuser, or by whoever owns the database and may create roles:
--
--   psql "$URL_OF_THE_OWNER" -f models/roles.sql
--   CREATE ROLE worker LOGIN PASSWORD '…' IN ROLE triptych_crawler;
--   CREATE ROLE admin LOGIN PASSWORD '…' IN ROLE triptych_owner;
--   ALTER ROLE admin SET ROLE = triptych_owner;  -- what it makes belongs to the role
--
-- triptych_crawler  crawl, work, recrawl, reextract, archive import, schedule run: writes, but cannot make articles,
--                   versions or the record of changes vanish, nor read where changes are posted
-- triptych_sync     sync: reads what it copies, and keeps how far webhooks are and what they refused
-- triptych_reader   browse, search, show, export, status, metrics: writes nothing
-- triptych_owner    db upgrade, schedule add, prune, alarms: owns the tables

DO $$
DECLARE
    role_name text;
    may record;
    numbers text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['triptych_owner', 'triptych_crawler', 'triptych_sync', 'triptych_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO triptych_owner, triptych_crawler, triptych_sync, triptych_reader',
        current_database()
    );
    -- Versions before 0010 made an extension.
    EXECUTE format('REVOKE CREATE ON DATABASE %I FROM triptych_owner', current_database());
    EXECUTE format(
        'GRANT USAGE ON SCHEMA %I TO triptych_owner, triptych_crawler, triptych_sync, triptych_reader', current_schema()
    );
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO triptych_owner', current_schema());

    FOR may IN
        SELECT * FROM (VALUES
            -- table,            triptych_crawler,                  triptych_sync,                     triptych_reader
            ('alembic_version',  'SELECT',                          'SELECT',                          'SELECT'),
            ('site',             'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('page',             'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('article',          'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('article_version',  'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('author',           'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('article_author',   'SELECT, INSERT, DELETE',          'SELECT',                          'SELECT'),
            ('tag',              'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('article_tag',      'SELECT, INSERT, DELETE',          'SELECT',                          'SELECT'),
            ('image',            'SELECT, INSERT, DELETE',          'SELECT',                          'SELECT'),
            ('link_list',        'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('link_item',        'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('tag_list',         'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('tag_list_item',    'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('outlink',          'SELECT, INSERT, DELETE',          'SELECT',                          'SELECT'),
            ('crawl',            'SELECT, INSERT, UPDATE',          'SELECT',                          'SELECT'),
            ('fetch',            'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('failure',          'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('change',           'SELECT, INSERT',                  'SELECT',                          'SELECT'),
            ('lease',            'SELECT, INSERT, UPDATE, DELETE',  '',                                'SELECT'),
            ('robots',           'SELECT, INSERT, UPDATE, DELETE',  '',                                ''),
            ('schedule',         'SELECT, UPDATE',                  '',                                'SELECT'),
            ('schedule_run',     'SELECT, INSERT, UPDATE',          '',                                'SELECT'),
            ('reading',          'SELECT, INSERT, UPDATE, DELETE',  '',                                'SELECT'),
            ('alarm',            'SELECT, INSERT, UPDATE',          '',                                'SELECT'),
            ('alarm_page',       'SELECT, INSERT, UPDATE, DELETE',  '',                                'SELECT'),
            ('sync_target',      'SELECT',                          'SELECT, INSERT, UPDATE',          'SELECT'),
            ('webhook',          '',                                'SELECT, INSERT, UPDATE',          ''),
            ('dead_letter',      '',                                'SELECT, INSERT, UPDATE, DELETE',  '')
        ) AS granted (name, to_crawler, to_sync, to_reader)
    LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO triptych_owner', may.name);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, triptych_crawler, triptych_sync, triptych_reader', may.name);
        IF may.to_crawler <> '' THEN
            EXECUTE format('GRANT %s ON %I TO triptych_crawler', may.to_crawler, may.name);
            numbers := (
                SELECT pg_get_serial_sequence(quote_ident(may.name), attname) FROM pg_attribute
                WHERE attrelid = quote_ident(may.name)::regclass AND attidentity <> ''
            );
            IF may.to_crawler LIKE '%INSERT%' AND numbers IS NOT NULL THEN  -- keys are taken by the dozen
                EXECUTE format('GRANT USAGE ON SEQUENCE %s TO triptych_crawler', numbers);
            END IF;
        END IF;
        IF may.to_sync <> '' THEN
            EXECUTE format('GRANT %s ON %I TO triptych_sync', may.to_sync, may.name);
        END IF;
        IF may.to_reader <> '' THEN
            EXECUTE format('GRANT %s ON %I TO triptych_reader', may.to_reader, may.name);
        END IF;
    END LOOP;

    -- Of the search index, which whoever migrates makes anew. All may call it: who writes a row does.
    IF to_regprocedure('article_search_words(bigint, text, text)') IS NOT NULL THEN
        ALTER FUNCTION article_search_words(bigint, text, text) OWNER TO triptych_owner;
    END IF;
END
$$;
