package apiclient

import (
	"context"
	"io"
	"time"
)

// Members is what visitors and members do on the pages of a site: register, log
// in, activate and change their account, edit and look at profiles. It stands
// beside [API], which is what an administrator does.
//
// Who asks is the [Visitor] of each call; nothing else in the context counts. What
// a call changes has the origin form, and the member as its actor.
//
// Besides an [Error], a call fails with
//
//   - [Problems], of kind Invalid: what is wrong with a submission, all at once.
//     The page shows the form again, with what was filled in;
//   - a [Refusal], of kind Forbidden: the site says no, and where the visitor is
//     sent to be told;
//   - Unauthorized, where a page is for members and the visitor is none: its
//     Redirect is the login page with the way back;
//   - NotFound, where there is no such page for this visitor: a profile that may
//     not be seen and one that does not exist cannot be told apart;
//   - Unavailable, when an address or an account has tried too often.
//
// Nothing is changed by a call that fails, counts of attempts apart.
type Members interface {
	MemberSessions
	MemberForms
	MemberProfiles
}

// MemberSessions says who a visitor is.
type MemberSessions interface {
	// Session returns who visits, and a guest's for a visitor without a cookie or
	// with one that means nothing any more. Where Session.Token is not the one of
	// the visitor, the cookie is to be set anew, or removed where it is empty.
	Session(ctx context.Context, v Visitor) (Session, error)
	// Login opens a session for the fields username (or user_login, or user_email)
	// and user_password of a login form, with rememberme "1" for a long one, and
	// raises um_user_login. The redirect is redirect_to where that leads into the
	// site, else what the role says, else the profile. A wrong password and an
	// unknown user are the same problem; an account that is not approved is a
	// Refusal with its status, and so is an address that is blocked.
	Login(ctx context.Context, v Visitor, s Submission) (Reply, error)
	// Logout ends the session; the redirect is what the role says. A guest is no error.
	Logout(ctx context.Context, v Visitor) (Reply, error)
	// Activate opens the link of an activation mail, as the parameters hash and
	// user_id of its address have it, and raises um_user_email_activation. What is
	// no such link at all is an empty Reply: the page is shown as if it was not
	// there.
	Activate(ctx context.Context, v Visitor, hash, user string) (Reply, error)
	// RequestReset mails a link for a new password to the member whose login or
	// e-mail address the field username_b is. The reply is the same whether there
	// is one or not.
	RequestReset(ctx context.Context, v Visitor, s Submission) (Reply, error)
	// CheckReset returns the form for a new password for the parameters login and
	// hash of the link in a mail, or a Refusal with invalidkey or expiredkey.
	CheckReset(ctx context.Context, v Visitor, login string, key Secret) (PageForm, error)
	// ResetPassword sets the password, ends every session of the member and sends
	// changedpw_email. No trigger is raised. The link works once.
	ResetPassword(ctx context.Context, v Visitor, login string, key Secret, s Submission) (Reply, error)
}

// MemberForms is registration and the account page.
type MemberForms interface {
	// RegisterForm returns a registration form; 0 is the site's own. To a member
	// it is a Refusal that leads to the own profile.
	RegisterForm(ctx context.Context, v Visitor, id FormID) (PageForm, error)
	// Register makes an account of a registration form, raises
	// um_registration_complete and sends the mails of the role's status. Where the
	// role approves by itself, the reply has a session.
	Register(ctx context.Context, v Visitor, s Submission) (Reply, error)
	// LoginForm returns a login form; 0 is the site's own.
	LoginForm(ctx context.Context, v Visitor, id FormID) (PageForm, error)
	// ResetForm returns the form that asks for a link to a new password.
	ResetForm(ctx context.Context, v Visitor) (PageForm, error)
	// Account returns a tab of the visitor's account page; empty is the first. A
	// tab that there is not for this member is NotFound.
	Account(ctx context.Context, v Visitor, tab string) (AccountPage, error)
	// SaveAccount saves a tab and raises um_user_updated_account, the tab of the
	// password included; the tab delete removes the account and raises
	// um_delete_user instead. The reply of the tab password has a new session.
	SaveAccount(ctx context.Context, v Visitor, tab string, s Submission) (Reply, error)
}

// MemberProfiles is profiles and the member directory. A slug is what stands
// behind /user/ in the address of a profile.
type MemberProfiles interface {
	// Profile returns what the visitor may see of a profile. An empty slug is the
	// own one; a profile that has another address by now is a Refusal that leads there.
	Profile(ctx context.Context, v Visitor, slug string) (Profile, error)
	// ProfileForm returns the form in which the visitor may edit a profile: the
	// own one, or that of others where the role says so. Otherwise Forbidden.
	ProfileForm(ctx context.Context, v Visitor, slug string) (PageForm, error)
	// SaveProfile saves it and raises um_user_edit_profile for the member whose
	// profile it is, also where nothing has changed.
	SaveProfile(ctx context.Context, v Visitor, slug string, s Submission) (Reply, error)
	// SavePhoto sets profile_photo or cover_photo, without a trigger, as Ultimate
	// Member does it outside of its form.
	SavePhoto(ctx context.Context, v Visitor, slug, key string, f SentFile) (Reply, error)
	// RemovePhoto takes profile_photo or cover_photo away, without a trigger.
	RemovePhoto(ctx context.Context, v Visitor, slug, key string) (Reply, error)
	// Directory returns one page of the members that the visitor may see.
	Directory(ctx context.Context, v Visitor, q DirectoryQuery) (Directory, error)
}

// A Visitor is who makes a request to a page.
type Visitor struct {
	Token   Secret // of the session's cookie; empty: there is none
	Address string // the client's address, or its network, for limits; empty: not known
	Agent   string // the header User-Agent; at most its first 255 bytes are kept
}

// A Session is a visit.
type Session struct {
	Token    Secret    // what the cookie is to hold; empty for a guest
	User     User      // who is logged in, without fields; ID 0: a guest
	Expires  time.Time // when the session ends at the latest; zero for a guest
	Remember bool      // the cookie outlives the browser, until Expires
	Admin    bool      // the member may manage the site (the capability manage_options)
	Path     string    // address of the own profile; empty for a guest
}

// Guest reports whether nobody is logged in.
func (s Session) Guest() bool { return s.User.ID == 0 }

// A Submission is a form that was filled in and sent.
type Submission struct {
	Form   FormID              // 0: the site's own of its kind
	Values map[string][]string // by field key, as sent; an absent key was not on the form
	Files  map[string]SentFile // by field key; to take a file away, its value is "empty_file"
	Stamp  string              // PageForm.Stamp, unchanged
}

// A SentFile is a file as it was sent. Its name and its bytes are hostile.
type SentFile struct {
	Name string // as the browser gave it
	Size int64  // bytes as the sender says; 0: not known
	Open func() (io.ReadCloser, error)
}

// First returns the first value of a field, or nothing.
func (s Submission) First(key string) string {
	if len(s.Values[key]) == 0 {
		return ""
	}
	return s.Values[key][0]
}

// Fields of a submission that are questions of no form.
const (
	FieldHoneypot   = "um_request"         // a person does not see it; whoever fills it in is none
	FieldRedirect   = "redirect_to"        // where to go afterwards, a path of this site
	FieldRemember   = "rememberme"         // of a login: "1" for a long session
	FieldConfirm    = "confirm_"           // before the key of a password: the same again
	FieldAgreement  = "use_gdpr_agreement" // of a registration: "1" to agree
	FieldOwnPass    = "single_user_password"
	FieldOldPass    = "current_user_password"
	FieldResetLogin = "username_b"
)

// A Reply is what the site answers to a member's deed that was done.
type Reply struct {
	User     UserID   // whom it was done to; 0: nobody that may be told
	Session  *Session // to be set as the cookie; nil: as it is. A guest's: logged out
	Redirect string   // where to go: a path that begins with /, or an http or https address; empty: stay
	Message  string   // of a role, shown instead of a redirect: HTML as an administrator wrote it, to be cleaned
}

// A PageForm is a form as this visitor gets it: the questions that are theirs to
// answer, with what is filled in already.
type PageForm struct {
	ID     FormID // 0: none of the site's forms, such as a tab of the account
	Title  string
	Submit string    // words on the button
	Rows   []FormRow // of Fields; nil: none
	Fields []PageField
	Stamp  string // hidden in the form: when it was made, signed by the site
	// Agreement is the text to agree to, as HTML that an administrator wrote;
	// empty: there is none.
	Agreement, AgreementLabel string
	Remember                  bool   // offer to stay logged in
	ForgotPath                string // where a forgotten password is; empty: not offered
	OtherPath, OtherTitle     string // the second button; empty: none
}

// A PageField is a question, or a piece of a page, as it stands in a form.
type PageField struct {
	FormField          // its choices are filled in, those of roles too
	Values    []string // as the inputs hold them: of a choice what is stored
	URL       string   // of an image or a file that is there: its address
	Disabled  bool     // is shown and cannot be changed
	Confirm   bool     // of a password: ask for it twice, the second one under FieldConfirm and its key
}

// An AccountTab is a part of the account page.
type AccountTab struct {
	Slug  string // general, password, privacy, notifications or delete
	Title string
}

// An AccountPage is a tab with the others beside it.
type AccountPage struct {
	Tabs    []AccountTab // that the member has, in order
	Current AccountTab
	Intro   string // HTML as an administrator wrote it, to be cleaned; may be empty
	Form    PageForm
}

// A Profile is what a visitor may see of a member.
type Profile struct {
	User    UserID
	Slug    string
	Name    string    // display name
	Photo   string    // address of profile_photo; empty: none
	Cover   string    // address of cover_photo; empty: none
	Rows    []FormRow // of Fields
	Fields  []ProfileField
	CanEdit bool // the visitor may edit it
	Own     bool // it is the visitor's own
	NoIndex bool // search engines are to leave it alone
}

// A ProfileField is an answer as it is shown.
type ProfileField struct {
	FormField
	Value Value  // as stored; empty for pieces of a page alone, such as a divider
	URL   string // of an image or a file: its address
}

// A DirectoryQuery asks for one page of a directory.
type DirectoryQuery struct {
	Search string              // in names
	Where  map[string][]string // by key of a filter that Directory.Filters offers; any of the values
	Sort   string              // one of Directory.Sorts; empty: the first
	After  Cursor              // Directory.Next of the page before; empty: the first page
	Limit  int                 // 1 to MaxLimit; 0: 12
}

// A Directory is a page of members.
type Directory struct {
	Title   string
	Members []Card
	Next    Cursor // empty: this is the last page
	Filters []PageField
	Sorts   []Choice
	Search  bool // there is a search
}

// A Card is a member in a directory.
type Card struct {
	User   UserID
	Name   string
	Path   string // of the profile
	Photo  string // address; empty: none
	Fields []ProfileField
}

// The addresses of a site's pages, named as Ultimate Member's installation names them.
const (
	PathLogin    = "/login"
	PathLogout   = "/logout"
	PathRegister = "/register" // the id of another form may stand behind it: /register/7
	PathAccount  = "/account"  // a tab may stand behind it: /account/password
	PathProfile  = "/user"     // a slug stands behind it: /user/ada
	PathReset    = "/password-reset"
	PathMembers  = "/members"
)
