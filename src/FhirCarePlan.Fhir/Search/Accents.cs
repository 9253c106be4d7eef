namespace FhirCarePlan.Fhir.Search;

/// <summary>The plain lower-case letter of an accented one, for Latin, Greek and Cyrillic, from the compatibility decompositions of Unicode
/// 15. The table is our own because .NET decomposes letters only where ICU is installed, and an index must not depend on that.</summary>
internal static class Accents
{
    private const int Beyond = 0x2000;
    private static readonly char[] Plain = Fill();

    /// <summary>The letter itself when it has no accent that we know.</summary>
    public static char Remove(char letter) => letter switch
    {
        < (char)Beyond => Plain[letter] is var plain and not '\0' ? plain : letter,
        >= '\uFF01' and <= '\uFF5E' => (char)(letter - 0xFEE0), // full width
        _ => letter,
    };

    private static char[] Fill()
    {
        var plain = new char[Beyond];
        for (var i = 0; i < From.Length; i++) plain[From[i]] = To[i];
        return plain;
    }

    private const string From =
        "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúû" +
        "üýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵ" +
        "ĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲų" +
        "ŴŵŶŷŸŹźŻżŽžſƠơƯưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǢǣǦǧǨǩǪǫǬǭǮǯǰǴ" +
        "ǵǸǹǺǻǼǽǾǿȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭȮȯȰ" +
        "ȱȲȳʰʱʲʳʴʵʶʷʸˠˡˢˣˤʹͺΆΈΉΊΌΎΏΐΪΫάέήίΰϊϋόύώϐϑϒϓϔϕϖϰϱϲϴ" +
        "ϵϹЀЁЃЇЌЍЎЙйѐёѓїќѝўѶѷӁӂӐӑӒӓӖӗӚӛӜӝӞӟӢӣӤӥӦӧӪӫӬӭӮӯӰӱӲӳ" +
        "ӴӵӸӹآأؤإئۀۂۓऩऱऴक़ख़ग़ज़ड़ढ़फ़य़ড়ঢ়য়ਲ਼ਸ਼ਖ਼ਗ਼ਜ਼ਫ਼ଡ଼ଢ଼ஔำຳགྷཌྷདྷབྷཛྷཀྵဦჼᬆᬈᬊᬌᬎ" +
        "ᬒᴬᴭᴮᴰᴱᴲᴳᴴᴵᴶᴷᴸᴹᴺᴼᴽᴾᴿᵀᵁᵂᵃᵄᵅᵆᵇᵈᵉᵊᵋᵌᵍᵏᵐᵑᵒᵓᵔᵕᵖᵗᵘᵙᵚᵛᵜᵝᵞᵟ" +
        "ᵠᵡᵢᵣᵤᵥᵦᵧᵨᵩᵪᵸᶛᶜᶝᶞᶟᶠᶡᶢᶣᶤᶥᶦᶧᶨᶩᶪᶫᶬᶭᶮᶯᶰᶱᶲᶳᶴᶵᶶᶷᶸᶹᶺᶻᶼᶽᶾᶿḀ" +
        "ḁḂḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲ" +
        "ḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜṝṞṟṠṡṢṣṤ" +
        "ṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖ" +
        "ẗẘẙẛẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọ" +
        "ỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹἀἁἂἃἄἅ" +
        "ἆἇἈἉἊἋἌἍἎἏἐἑἒἓἔἕἘἙἚἛἜἝἠἡἢἣἤἥἦἧἨἩἪἫἬἭἮἯἰἱἲἳἴἵἶἷἸἹἺἻ" +
        "ἼἽἾἿὀὁὂὃὄὅὈὉὊὋὌὍὐὑὒὓὔὕὖὗὙὛὝὟὠὡὢὣὤὥὦὧὨὩὪὫὬὭὮὯὰάὲέὴή" +
        "ὶίὸόὺύὼώᾀᾁᾂᾃᾄᾅᾆᾇᾈᾉᾊᾋᾌᾍᾎᾏᾐᾑᾒᾓᾔᾕᾖᾗᾘᾙᾚᾛᾜᾝᾞᾟᾠᾡᾢᾣᾤᾥᾦᾧᾨᾩ" +
        "ᾪᾫᾬᾭᾮᾯᾰᾱᾲᾳᾴᾶᾷᾸᾹᾺΆᾼιῂῃῄῆῇῈΈῊΉῌῐῑῒΐῖῗῘῙῚΊῠῡῢΰῤῥῦῧῨῩῪ" +
        "ΎῬῲῳῴῶῷῸΌῺΏῼ";

    private const string To =
        "aaaaaaceeeeiiiinooooouuuuyaaaaaaceeeeiiiinooooouuu" +
        "uyyaaaaaaccccccccddeeeeeeeeeegggggggghhiiiiiiiiijj" +
        "kkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuu" +
        "wwyyyzzzzzzsoouuaaiioouuuuuuuuuuaaaaææggkkooooʒʒjg" +
        "gnnaaææøøaaaaeeeeiiiioooorrrruuuusstthhaaeeooooooo" +
        "oyyhɦjrɹɻʁwyɣlsxʕʹ αεηιουωιιυαεηιυιυουωβθυυυφπκρςθ" +
        "εσеегікиуииеегікиуѵѵжжааааееәәжжззииииооөөээуууууу" +
        "ччыыااوايەہےनरळकखगजडढफयডঢযਲਸਖਗਜਫଡଢஒาາགཌདབཛཀဥნᬅᬇᬉᬋᬍ" +
        "ᬑaæbdeǝghijklmnoȣprtuwaɐɑᴂbdeəɛɜgkmŋoɔᴖᴗptuᴝɯvᴥβγδ" +
        "φχiruvβγρφχнɒcɕðɜfɟɡɥɨɩɪᵻʝɭᶅʟɱɰɲɳɴɵɸʂʃƫʉʊᴜʋʌzʐʑʒθa" +
        "abbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkk" +
        "kkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrsssss" +
        "sssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzh" +
        "twysaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioo" +
        "oooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyαααααα" +
        "ααααααααααεεεεεεεεεεεεηηηηηηηηηηηηηηηηιιιιιιιιιιιι" +
        "ιιιιοοοοοοοοοοοουυυυυυυυυυυυωωωωωωωωωωωωωωωωααεεηη" +
        "ιιοουυωωααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωω" +
        "ωωωωωωααααααααααααιηηηηηεεηηηιιιιιιιιιιυυυυρρυυυυυ" +
        "υρωωωωωοοωωω";
}
