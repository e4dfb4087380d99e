package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// A locale is where members come from. Each name is "native" or "native|latin".
type locale struct {
	country     string
	language    string
	phone       string
	familyFirst bool
	joined      bool // family and given name without a space
	given       []string
	family      []string
}

func names(list string) []string { return strings.Fields(list) }

// locales are 22 countries in 13 scripts: the names that break careless code.
func locales() []locale {
	return []locale{
		{country: "US", language: "English", phone: "+1 202 555", given: names("James Mary Aaliyah DeShawn Zoë Maya"), family: []string{"Smith", "O'Brien", "van der Berg", "Johnson-Lee", "Smith & Sons", "Null"}},
		{country: "GB", language: "English", phone: "+44 20 7946", given: names("Oliver Siân Niamh Ffion Amelia"), family: []string{"Taylor", "Llewellyn", "D'Arcy", "Featherstonehaugh-Cholmondeley"}},
		{country: "IE", language: "Irish", phone: "+353 1 555", given: names("Eóghan Siobhán Pádraig Aoife"), family: []string{"Ó Súilleabháin", "Byrne", "Ní Bhriain"}},
		{country: "DE", language: "German", phone: "+49 30 5550", given: names("Jürgen Käthe Björn Anneliese Jörg"), family: []string{"Müller", "Groß", "Schäfer", "von und zu Löwenstein"}},
		{country: "FR", language: "French", phone: "+33 1 99 00", given: names("Zoé François Maëlys Jean-Noël Hélène"), family: []string{"Lefèvre", "L'Hôpital", "Bœuf", "Dupont"}},
		{country: "ES", language: "Spanish", phone: "+34 910 555", given: names("José Ángela Íñigo Begoña"), family: []string{"García Márquez", "Ibáñez", "Peña y Lillo", "Núñez"}},
		{country: "PL", language: "Polish", phone: "+48 22 555", given: names("Łukasz Małgorzata Żaneta Wojciech"), family: names("Kowalski Wiśniewska Dąbrowska Szczęsny")},
		{country: "SE", language: "Swedish", phone: "+46 8 555", given: names("Åsa Björn Märta Håkan"), family: names("Ångström Östlund Lindqvist Sjöberg")},
		{country: "DK", language: "Danish", phone: "+45 70 55", given: names("Søren Åse Jørgen"), family: names("Ærø Sørensen Nørgaard")},
		{country: "TR", language: "Turkish", phone: "+90 212 555", given: names("Çağla İbrahim Şule Ömer"), family: names("Yılmaz Öztürk Şahin Işık")},
		{country: "BR", language: "Portuguese", phone: "+55 11 5555", given: names("João Conceição Antônio Inês"), family: []string{"da Silva", "Araújo", "dos Santos", "Gonçalves"}},
		{country: "VN", language: "Vietnamese", phone: "+84 24 555", familyFirst: true, given: names("Hương Đức Thủy Phượng Ngọc"), family: names("Nguyễn Trần Phạm Đặng")},
		{country: "NG", language: "Yoruba", phone: "+234 1 555", given: names("Ṣadé Olúwaṣeun Chukwuemeka Ọlá"), family: names("Okonkwo Adéyẹmí Nwọsu")},
		{country: "JP", language: "Japanese", phone: "+81 3 5550", familyFirst: true, given: names("太郎|Taro 花子|Hanako さくら|Sakura 翔太|Shota 𠮷男|Yoshio"), family: names("山田|Yamada 佐藤|Sato 髙橋|Takahashi 渡邊|Watanabe")},
		{country: "CN", language: "Chinese", phone: "+86 10 5555", familyFirst: true, joined: true, given: names("伟|Wei 秀英|Xiuying 建国|Jianguo 子涵|Zihan"), family: names("王|Wang 李|Li 欧阳|Ouyang 张|Zhang")},
		{country: "KR", language: "Korean", phone: "+82 2 555", familyFirst: true, joined: true, given: names("민준|Minjun 서연|Seoyeon 지우|Jiwoo 하은|Haeun"), family: names("김|Kim 이|Lee 박|Park 남궁|Namgung")},
		{country: "EG", language: "Arabic", phone: "+20 2 5555", given: names("محمد|Mohamed فاطمة|Fatima يوسف|Youssef نور|Nour"), family: names("المصري|Elmasry حسين|Hussein الشريف|Elsharif")},
		{country: "IL", language: "Hebrew", phone: "+972 3 555", given: names("נועה|Noa יוסף|Yosef שירה|Shira"), family: names("כהן|Cohen לוי|Levi מזרחי|Mizrahi")},
		{country: "IN", language: "Hindi", phone: "+91 11 5555", given: names("प्रिया|Priya अर्जुन|Arjun லட்சுமி|Lakshmi শুভ|Shubho"), family: names("शर्मा|Sharma पटेल|Patel சுப்ரமணியம்|Subramaniam")},
		{country: "TH", language: "Thai", phone: "+66 2 555", given: names("สมชาย|Somchai กุหลาบ|Kulap น้ำฝน|Namfon"), family: names("ศรีสุข|Srisuk แซ่ตั้ง|Saetang")},
		{country: "GR", language: "Greek", phone: "+30 21 5555", given: names("Γιώργος|Giorgos Ελένη|Eleni Ἀθηνᾶ|Athina"), family: names("Παπαδόπουλος|Papadopoulos Νικολάου|Nikolaou")},
		{country: "UA", language: "Ukrainian", phone: "+380 44 555", given: names("Олександр|Oleksandr Ганна|Hanna Юрій|Yurii"), family: names("Шевченко|Shevchenko Коваленко|Kovalenko")},
	}
}

// A person is a member before there is an account.
type person struct {
	login, email          string
	first, last, display  string
	country, lang, number string
	born                  time.Time
}

// somebody returns person n of the demo: the same one for the same source of chance.
func somebody(r *rand.Rand, n int) person {
	all := locales()
	l := all[r.IntN(len(all))]
	first, firstLatin := spelled(pick(r, l.given))
	last, lastLatin := spelled(pick(r, l.family))
	p := person{first: first, last: last, country: l.country, lang: l.language}
	switch {
	case l.joined:
		p.display = last + first
	case l.familyFirst:
		p.display = last + " " + first
	default:
		p.display = first + " " + last
	}
	if r.IntN(40) == 0 {
		p.display += pick(r, []string{" 🎸", " 🌈", " 👩‍🚀", " 🇺🇳"})
	}
	p.login = plain(firstLatin) + "." + plain(lastLatin) + fmt.Sprint(n)
	p.email = p.login + "@" + pick(r, []string{"example.com", "example.net", "example.org", "mail.example.com"})
	p.number = fmt.Sprintf("%s-%04d", l.phone, 1000+r.IntN(9000))
	p.born = time.Date(1950+r.IntN(55), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	return p
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func spelled(name string) (native, latin string) {
	native, latin, found := strings.Cut(name, "|")
	if !found {
		latin = native
	}
	return native, latin
}

// letters are those that a decomposition leaves as they are.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "ø", "o", "œ", "oe", "ł", "l", "đ", "d", "ı", "i")

// plain returns a name as a login has it: ASCII letters alone.
func plain(name string) string {
	folded := norm.NFD.String(letters.Replace(strings.ToLower(name)))
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, folded)
	if kept == "" {
		return "member"
	}
	return kept[:min(len(kept), 14)]
}
