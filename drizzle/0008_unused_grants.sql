-- What nobody does for a member is not the app's to do.
revoke insert, update on members from parley_app;
--> statement-breakpoint
grant update (rights_seq) on members to parley_app; -- also to lock
--> statement-breakpoint
revoke insert, update on reactions from parley_app;
--> statement-breakpoint
revoke update on chats from parley_app;
--> statement-breakpoint
revoke update (dead, due_at) on pending from parley_app;
--> statement-breakpoint
revoke select on webhooks, pending, merge_suggestions, message_edits, attempts from parley_app;
