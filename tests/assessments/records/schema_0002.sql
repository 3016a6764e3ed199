BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE answer (
	assessment_id VARCHAR(40) NOT NULL, 
	question_id VARCHAR(120) NOT NULL, 
	value JSON, 
	status VARCHAR(20) NOT NULL, 
	provenance JSON, 
	note TEXT, 
	version INTEGER NOT NULL, 
	updated_by VARCHAR(80) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_answer PRIMARY KEY (assessment_id, question_id), 
	CONSTRAINT fk_answer_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE answer_revision (
	id INTEGER NOT NULL, 
	assessment_id VARCHAR(40) NOT NULL, 
	question_id VARCHAR(120) NOT NULL, 
	value JSON, 
	status VARCHAR(20) NOT NULL, 
	provenance JSON, 
	note TEXT, 
	version INTEGER NOT NULL, 
	changed_by VARCHAR(80) NOT NULL, 
	changed_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_answer_revision PRIMARY KEY (id), 
	CONSTRAINT fk_answer_revision_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE assessment (
	id VARCHAR(40) NOT NULL, 
	template_id VARCHAR(80) NOT NULL, 
	template_version VARCHAR(40) NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	project_id VARCHAR(80) NOT NULL, 
	language VARCHAR(10) NOT NULL, 
	context JSON NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	round INTEGER NOT NULL, 
	author_id VARCHAR(80) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	decided_at VARCHAR(32), 
	review_due_on DATE, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_assessment PRIMARY KEY (id)
);
CREATE TABLE condition (
	id VARCHAR(40) NOT NULL, 
	assessment_id VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	owner_id VARCHAR(80) NOT NULL, 
	due_on DATE NOT NULL, 
	closed_at VARCHAR(32), 
	closed_by VARCHAR(80), 
	closing_note TEXT, 
	CONSTRAINT pk_condition PRIMARY KEY (id), 
	CONSTRAINT fk_condition_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE contributor (
	assessment_id VARCHAR(40) NOT NULL, 
	person_id VARCHAR(80) NOT NULL, 
	CONSTRAINT pk_contributor PRIMARY KEY (assessment_id, person_id), 
	CONSTRAINT fk_contributor_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_contributor_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE decision (
	assessment_id VARCHAR(40) NOT NULL, 
	round INTEGER NOT NULL, 
	"by" VARCHAR(80) NOT NULL, 
	outcome VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	opinion_followed BOOLEAN, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_decision PRIMARY KEY (assessment_id, round), 
	CONSTRAINT fk_decision_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE evidence (
	sha256 VARCHAR(64) NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	added_by VARCHAR(80) NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	expires_on DATE, 
	CONSTRAINT pk_evidence PRIMARY KEY (sha256)
);
CREATE TABLE evidence_use (
	assessment_id VARCHAR(40) NOT NULL, 
	question_id VARCHAR(120) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_evidence_use PRIMARY KEY (assessment_id, question_id, sha256), 
	CONSTRAINT fk_evidence_use_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id), 
	CONSTRAINT fk_evidence_use_sha256 FOREIGN KEY(sha256) REFERENCES evidence (sha256)
);
CREATE TABLE frozen (
	assessment_id VARCHAR(40) NOT NULL, 
	revision INTEGER NOT NULL, 
	record BLOB NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	ledger_seq INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_frozen PRIMARY KEY (assessment_id, revision), 
	CONSTRAINT fk_frozen_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE ledger_checkpoint (
	size INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	at VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_ledger_checkpoint PRIMARY KEY (size)
);
CREATE TABLE ledger_endorsement (
	id INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	content BLOB NOT NULL, 
	note TEXT, 
	at VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_ledger_endorsement PRIMARY KEY (id)
);
CREATE TABLE ledger_entry (
	seq INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_ledger_entry PRIMARY KEY (seq)
);
INSERT INTO "ledger_entry" VALUES(0,X'7B22616374696F6E223A22706572736F6E2E6164646564222C226163746F72223A2273797374656D3A7365747570222C22636F6D6D69746D656E74223A2264313861663038323962663534336630613932303663306138323334316232633036353565386433623734333831626564353131636334613762376537343536222C226661637473223A7B7D2C226964223A22702D31222C226B696E64223A22706572736F6E222C2273657373696F6E223A226664333933393231636366353466646162383964333261643334303461643232222C227473223A22323032362D31312D32345432303A32353A30322E3336383833362B30303A3030222C2276223A317D');
INSERT INTO "ledger_entry" VALUES(1,X'7B22616374696F6E223A2278222C226163746F72223A2273797374656D3A7365747570222C22636F6D6D69746D656E74223A6E756C6C2C226661637473223A7B7D2C226964223A2231222C226B696E64223A227468696E67222C2273657373696F6E223A226664333933393231636366353466646162383964333261643334303461643232222C227473223A22323032362D31312D32345432303A32353A30322E3336383833362B30303A3030222C2276223A317D');
CREATE TABLE ledger_node (
	level INTEGER NOT NULL, 
	idx INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	CONSTRAINT pk_ledger_node PRIMARY KEY (level, idx)
)
 WITHOUT ROWID

;
INSERT INTO "ledger_node" VALUES(0,0,X'FA6BD8C5B9377DE32CC584155F46445DD28E5507D062224F2481B7DB60BEC576');
INSERT INTO "ledger_node" VALUES(0,1,X'3ACE3BFD33F7F99055EAE155542EAC687DF30541CA49C436BDC9EED56ABB0F7A');
INSERT INTO "ledger_node" VALUES(1,0,X'C69CB24B171CF8885DD0936182EAA1F4F0871DEB204EF7F4835936CABC577A10');
CREATE TABLE ledger_private (
	commitment VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	salt BLOB NOT NULL, 
	payload BLOB NOT NULL, 
	CONSTRAINT pk_ledger_private PRIMARY KEY (commitment)
);
INSERT INTO "ledger_private" VALUES('d18af0829bf543f0a9206c0a82341b2c0655e8d3b74381bed511cc4a7b7e7456',0,X'ECB75BACD998000D83E506CA97E9CD401838B79AC5A3A7BFAC82FC69134F7E6B',X'7B22656D61696C223A6E756C6C2C226E616D65223A224120706572736F6E222C227469746C65223A22227D');
CREATE TABLE opinion (
	assessment_id VARCHAR(40) NOT NULL, 
	round INTEGER NOT NULL, 
	"by" VARCHAR(80) NOT NULL, 
	position VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_opinion PRIMARY KEY (assessment_id, round), 
	CONSTRAINT fk_opinion_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE person (
	id VARCHAR(80) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	email VARCHAR(320), 
	is_active BOOLEAN NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_email UNIQUE (email)
);
INSERT INTO "person" VALUES('p-1','A person','',NULL,1);
CREATE TABLE report (
	assessment_id VARCHAR(40) NOT NULL, 
	revision INTEGER NOT NULL, 
	base_sha256 VARCHAR(64) NOT NULL, 
	file_sha256 VARCHAR(64) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	released_at VARCHAR(32), 
	pack_name VARCHAR(200), 
	CONSTRAINT pk_report PRIMARY KEY (assessment_id, revision), 
	CONSTRAINT fk_report_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE role_grant (
	id VARCHAR(40) NOT NULL, 
	person_id VARCHAR(80) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	scope VARCHAR(80) NOT NULL, 
	valid_from VARCHAR(32) NOT NULL, 
	valid_to VARCHAR(32) NOT NULL, 
	granted_by VARCHAR(80) NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_role_grant PRIMARY KEY (id), 
	CONSTRAINT fk_role_grant_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE signature (
	assessment_id VARCHAR(40) NOT NULL, 
	revision INTEGER NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	person_id VARCHAR(80) NOT NULL, 
	certificate_sha256 VARCHAR(64) NOT NULL, 
	file_sha256 VARCHAR(64) NOT NULL, 
	ledger_seq INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_signature PRIMARY KEY (assessment_id, revision, role), 
	CONSTRAINT fk_signature_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE transition (
	id INTEGER NOT NULL, 
	assessment_id VARCHAR(40) NOT NULL, 
	round INTEGER NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	from_state VARCHAR(40) NOT NULL, 
	to_state VARCHAR(40) NOT NULL, 
	"by" VARCHAR(80) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_transition PRIMARY KEY (id), 
	CONSTRAINT fk_transition_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TABLE verdict (
	assessment_id VARCHAR(40) NOT NULL, 
	round INTEGER NOT NULL, 
	section_id VARCHAR(120) NOT NULL, 
	reviewer_id VARCHAR(80) NOT NULL, 
	verdict VARCHAR(30) NOT NULL, 
	comment TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_verdict PRIMARY KEY (assessment_id, round, section_id, reviewer_id), 
	CONSTRAINT fk_verdict_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_node_no_update BEFORE UPDATE ON ledger_node BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_node_no_delete BEFORE DELETE ON ledger_node BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE INDEX ix_ledger_endorsement_size ON ledger_endorsement (size);
CREATE TRIGGER ledger_endorsement_no_update BEFORE UPDATE ON ledger_endorsement BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_endorsement_no_delete BEFORE DELETE ON ledger_endorsement BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE INDEX ix_ledger_private_seq ON ledger_private (seq);
CREATE INDEX ix_assessment_project_id ON assessment (project_id);
CREATE INDEX ix_assessment_state ON assessment (state);
CREATE INDEX ix_role_grant_person ON role_grant (person_id, role);
CREATE INDEX ix_answer_revision_question ON answer_revision (assessment_id, question_id, version);
CREATE INDEX ix_transition_assessment_id ON transition (assessment_id);
CREATE INDEX ix_condition_assessment_id ON condition (assessment_id);
COMMIT;
