-- +goose Up

-- Roles can be made and changed. settings holds texts and lists of texts by Ultimate
-- Member's names; made is the order in which roles were made.
ALTER TABLE roles ADD COLUMN custom INTEGER NOT NULL DEFAULT 0 CHECK (custom IN (0, 1));
ALTER TABLE roles ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
ALTER TABLE roles ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object');

UPDATE roles SET name_key = lower(name);
UPDATE roles SET custom = 1, made = 1 WHERE slug = 'um_member';
UPDATE roles SET settings = '{"can_edit_profile":"1","can_delete_profile":"1","can_view_all":"1","auto_approve_act":"redirect_profile","checkmail_action":"show_message","pending_action":"show_message","after_login":"redirect_profile","after_logout":"redirect_home","after_delete":"redirect_home"}';
UPDATE roles SET settings = '{"can_access_wpadmin":"1","can_not_see_adminbar":"0","can_edit_everyone":"1","can_delete_everyone":"1","can_edit_profile":"1","can_delete_profile":"1","can_view_all":"1","can_make_private_profile":"1","can_access_private_profile":"1","auto_approve_act":"redirect_profile","checkmail_action":"show_message","pending_action":"show_message","after_login":"redirect_admin","after_logout":"redirect_home","after_delete":"redirect_home"}'
WHERE slug = 'administrator';

CREATE UNIQUE INDEX roles_name ON roles (name_key);
