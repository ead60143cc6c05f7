//! Cues: the words by which people signal that they decide, refuse, forbid, wonder, promise or correct.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

/// What a cue speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// Something is forbidden or demanded.
    Rule,
    /// Something was chosen.
    Decision,
    /// A reason is given.
    Reason,
    /// Something was turned down.
    Rejected,
    /// Something is not known yet.
    Open,
    /// Somebody is to do something.
    Next,
    /// Something failed.
    Error,
    /// What all this is for.
    Objective,
    /// A value is corrected.
    Update,
    /// The sentence speaks of what only might be.
    Maybe,
    /// The speaker tells of themselves.
    Self_,
    /// Something happened to the speaker.
    Past,
    /// A taste, a habit, a condition.
    Taste,
    /// Somebody close to the speaker.
    Kin,
    /// An aside that carries news.
    Aside,
    /// A request to the model.
    Request,
    /// A plan or a wish.
    Wish,
    /// Thanks, assent, filler.
    Ack,
    /// Talk to a model inside quoted material.
    Order,
}

const CUES: usize = Cue::Order as usize + 1;

/// How strongly each cue sounds in a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Heard([f32; CUES]);

impl Heard {
    /// The cues in this sentence.
    pub(crate) fn of(sentence: &str) -> Self {
        static SET: LazyLock<RegexSet> = LazyLock::new(|| {
            RegexSetBuilder::new(PATTERNS.iter().map(|(_, _, pattern)| pattern))
                .case_insensitive(true)
                .unicode(false)
                .dfa_size_limit(32 << 20)
                .build()
                .unwrap_or_else(|_| RegexSet::empty())
        });
        let mut heard = Self::default();
        let plain: String;
        let sentence = if sentence.contains('’') {
            plain = sentence.replace('’', "'");
            &plain
        } else {
            sentence
        };
        for index in &SET.matches(sentence.as_bytes()) {
            let (cue, strength, _) = PATTERNS[index];
            heard.0[cue as usize] += strength;
        }
        heard
    }

    /// How strongly this cue sounds; 0 is silence.
    pub(crate) const fn strength(&self, cue: Cue) -> f32 {
        self.0[cue as usize]
    }

    /// Whether this cue sounds at all.
    pub(crate) fn has(&self, cue: Cue) -> bool {
        self.strength(cue) > 0.0
    }
}

/// Cue, strength and pattern. ASCII, case-insensitive; strength 2 stands alone, 1 needs company.
const PATTERNS: &[(Cue, f32, &str)] = &[
    // Rules: prohibitions, then demands.
    (Cue::Rule, 2.0, r"\b(do not|don't|dont) (ever|under any)\b"),
    (
        Cue::Rule,
        2.0,
        r"(^|[,;:.!-] ?|\b(and|but|so|please|pls|just|remember|again|also|ever|ok|okay)[,:]? )(do not|don't|dont|never|avoid|refrain from|stop) (ever )?[a-z]+",
    ),
    (Cue::Rule, 1.5, r"^(no|zero) [a-z -]+(please|ever|at all|whatsoever|allowed)?[.!]*$"),
    (
        Cue::Rule,
        2.0,
        r"\b(must|may|shall|should|can|cannot|can|will) ?(not|never|n't)\b.*\b(ever|without|unless|under any|anyone|anybody)\b",
    ),
    (
        Cue::Rule,
        2.0,
        r"\b(must not|mustn't|must never|may not|shall not|may never|should never|cannot ever|can never|has to never|mustnt)\b",
    ),
    (
        Cue::Rule,
        2.0,
        r"\b(nobody|no one|no-one|none of (us|you)|anyone|anybody)\b.{0,12}\b(is|are|may|should|must|can|gets?|ought)\b.{0,14}\b(allowed|permitted|supposed|to|touch(es)?|ever)\b",
    ),
    (
        Cue::Rule,
        2.0,
        r"\b(forbidden|prohibited|off[- ]limits|out of bounds|verboten|no-go|taboo|not (allowed|permitted|acceptable|okay|ok)|never okay|not negotiable|non-?negotiable|hands off|steer clear of|strictly)\b",
    ),
    (Cue::Rule, 2.0, r"\b(under|in) (no|any) (and all |possible )?(circumstances?|condition|conditions|case)\b"),
    (
        Cue::Rule,
        2.0,
        r"\b(whatever|no matter what|whatever happens|at all costs|at all times|without exception|no exceptions?|full stop)\b",
    ),
    (Cue::Rule, 2.0, r"\bi (don't|do not|dont|never) want (you|us|anyone|anybody|any|it|them|to see)\b"),
    (
        Cue::Rule,
        2.0,
        r"\b(make (very |absolutely )?sure|ensure|see to it|be careful|take care|promise( me)?|swear)\b.*\b(not|never|don't|no|nobody|n't)\b",
    ),
    (
        Cue::Rule,
        2.0,
        r"\b(i'd|i would|i) (rather|prefer|ask|beg|like|need|expect|want)( that)? (you|we|us|everyone|people)\b.{0,12}\b(not|never|don't|didn't|won't)\b",
    ),
    (Cue::Rule, 1.0, r"\bnot to\b"),
    (
        Cue::Rule,
        2.0,
        r"\b(from now on|going forward|from here on( in| out)?|for all future|in all (your )?answers|every time you|whenever you|as a rule|rule of (ours|mine)|house rule|(golden|hard|one|iron|first|only|standing|strict|important|my|our|simple|cardinal|absolute) (rule|constraint|requirement|condition|red line))\b",
    ),
    (Cue::Rule, 2.0, r"\b(must|has to|have to|needs? to|should) (always|stay|remain|be kept|only|be in|strictly)\b"),
    (
        Cue::Rule,
        2.0,
        r"(^|[,;:.!-] ?|\b(and|but|please|just|you) )(always|only ever|stick (to|with)|only use|use only|keep (it|everything|your|all|them|the)\b.*\b(under|below|within|short|confidential|private|secret|to yourself))\b",
    ),
    (
        Cue::Rule,
        2.0,
        r"\b(mandatory|compulsory|obligatory|required by|a must\b|hard requirement|hard limit|strict(ly)? (no|limit|never)|deal[- ]?breaker|sacrosanct|sacred|untouchable|not up for (debate|discussion))\b",
    ),
    (
        Cue::Rule,
        1.0,
        r"\b(without (my|our|asking|permission|approval|exception|an? ok)|not without|unless i (say|ask|tell)|leave .+ alone|needs (my|our) approval)\b",
    ),
    (Cue::Rule, 1.0, r"\b(must|never|always|ever again|at any (point|time)|ever)\b"),
    (
        Cue::Rule,
        2.0,
        r"\b(niemals|auf keinen fall|unter keinen umst|darf nicht|d.rfen nicht|ne jamais|ne .+ jamais|interdit|il ne faut pas|nunca|prohibido|bajo ninguna|no se debe|jamais)\b",
    ),
    (Cue::Rule, 2.0, r"(不要|禁止|不得|必ず|しないで|ないでください|никогда|нельзя|запрещено)"),
    // Decisions.
    (
        Cue::Decision,
        2.0,
        r"\b(we|i|they|team|board|everyone|everybody|all|us)('ve|'re|'m| have| are| am| has| had)? ?(all |both |finally |now |just |then |already |also |jointly |unanimously )*(decided|settled|agreed|chose|chosen|picked|opted|selected|committed|landed|gone with|went with|going with|going for|going ahead|go with|went for|ended up|adopted|resolved|concluded|plump\w*|standardi[sz]ed|elected|favou?red|sticking with|stuck with|switching to|switched to|moving to|moved to)\b",
    ),
    (
        Cue::Decision,
        2.0,
        r"\b(let's|let us|lets|we'll|we will|i'll|we shall|we should just|gonna|going to) (all |just |simply |then |definitely )*(go with|go for|use|do|pick|choose|take|adopt|stick (with|to)|settle (on|for)|keep|build on|run with|switch to|move to|stay with|opt for|have)\b",
    ),
    (
        Cue::Decision,
        2.0,
        r"\b(decision|final (call|answer|word|choice|verdict|decision)|the (verdict|winner|choice|pick|outcome|call|consensus) (is|was|fell)|it's (settled|decided|official|final|a deal)|that('s| is) (settled|decided|final)|consider it (settled|done|decided)|settled on|decided on|decided to|agreed on|agreed to|made up (my|our) mind|my mind is made up|green light|go-ahead|thumbs up|the nod|signed off|sign-off|locked in|set in stone|case closed|sold on)\b",
    ),
    (Cue::Decision, 2.0, r"\b(it is|it'll be|it will be|it's gonna be) (then|it is|now)?[.!,;]|\b\w+ it is\b"),
    (
        Cue::Decision,
        1.5,
        r"\b(won|came out (on top|ahead|first)|came first|takes it|beat (everything|the (rest|others|other))|gets my vote|got (the|most|my) votes?|is the one|is the way to go|is what we('ll| will)? (use|build|do|take|want|go)|it shall be|prevailed|carried the day|voted|vote)\b",
    ),
    (
        Cue::Decision,
        1.5,
        r"\b(all[- ]in on|committed to|commit to|going ahead with|going with|went with|opted for|opting for|choose|chose|picked|from (here|now) on|from today|pulled the trigger|the plan is|is our (choice|pick)|over the (rest|others|alternatives|other))\b",
    ),
    (
        Cue::Decision,
        1.0,
        r"\b(we|i|they)('ve|'re|'m|'ll| have| are| am| will)? (all |finally |now |just )*(bought|booked|signed up|take|taking|doing|using|buying|use)\b",
    ),
    (
        Cue::Decision,
        1.0,
        r"\b(call (this|yesterday|with|today|on)|meeting (this|yesterday|with|today|on)|approved|confirmed|for the record|in the end|after all)\b",
    ),
    (
        Cue::Decision,
        2.0,
        r"\b(wir haben uns|haben entschieden|entschieden f.r|wir nehmen|on a d.cid|nous avons d.cid|on prend|hemos decidido|decidimos|nos quedamos con|decidiu-se|besloten)\b",
    ),
    (Cue::Decision, 2.0, r"\bwins\b"),
    (Cue::Decision, 2.0, r"(决定|決定|決めました|решили|выбрали)"),
    (
        Cue::Reason,
        1.0,
        r"\b(because|since|given that|given|seeing (that|as|how)|the reason|reason being|main reason|on account of|mainly|mostly|primarily|due to|thanks to|so that|that way|in order to|the clincher|what (swung|decided|tipped|convinced|sold|did)|main thing|the (argument|deciding factor|point|selling point)|(which|that's|that is|this|it) (what|why|means|matters|counts|makes)|weil|parce que|porque)\b|[,;] (as|for|so)\b|что|因为|から",
    ),
    // Rejected.
    (
        Cue::Rejected,
        2.0,
        r"\b(ruled? (it |that |them |this )?out|ruling out|rejected|rejecting|off the table|decided against|deciding against|voted against|turned (it |that )?down|discarded|dismissed|scrapped|scrap|scratch(ed)?|ditched|ditch|axed|vetoed|nixed|shelved|abandoned|binned|dropped|drop the|dropping|out of the (running|question|race)|written off|wrote off|write off|struck|strike|crossed .*off|cross .*off|no longer (considering|an option|in the running|on the)|not an option|a no from|it's a no|hard no|(got|get|gets) the (boot|chop|axe|thumbs)|thumbs down|non-?starter|dead (end|in the water|to)|deal[- ]?breaker|gave up on|given up on|giving up on|walked away|walk away|backed out)\b",
    ),
    (
        Cue::Rejected,
        2.0,
        r"\b(we|i|let's|lets|us|they|you)('re|'m|'ve|'ll| are| am| have| will)? (definitely |all |really |just |certainly )*(not|won't|aren't|never|n't) (be |been )?(going (with|for|to (use|do|take|bother|go|pick))|doing|using|use|do|take|taking|bother\w*|pick|picking|pursu\w+|touch\w*|consider\w*|go(ing)? (with|for|down|that)|buy\w*|adopt\w*|keep\w*)\b",
    ),
    (
        Cue::Rejected,
        2.0,
        r"\b(forget (about )?|skip |pass on |passed on |passing on |no to |not going with |not doing |not using |don't bother with |not bothering with |never mind |moved? (away|on) from |moving away from |steer(ed)? away from |let's not |enough of )[a-z0-9]",
    ),
    (
        Cue::Rejected,
        2.0,
        r"\b(didn't|did not|doesn't|does not|don't|won't|couldn't|wouldn't|can't) (make (the|it)|cut (it|the)|work (out|for)|fit|survive|convince|qualify|impress|stand a chance|live with|pan out|hold up|get (past|through))\b",
    ),
    (Cue::Rejected, 1.0, r"\b(instead of|rather than|over)\b.+$"),
    (
        Cue::Rejected,
        1.5,
        r"\b(not worth|isn't worth|too (slow|expensive|pricey|complex|complicated|heavy|big|small|risky|fragile|brittle|loud|old|far|dear|costly|fiddly|limited)|nobody (liked|wanted|wants|likes|could)|no one (liked|wanted|wants|could)|was a pain|fell (through|at|short|apart)|failed (the|our|to)|lost out|loses|eliminated|out for (us|me|good)|is out\b|are out\b|'s out\b|is gone|'s gone|had enough of|killed (it|that)|not for us|not for me)\b",
    ),
    (
        Cue::Rejected,
        2.0,
        r"\b(verworfen|ausgeschlossen|abgelehnt|kommt nicht in frage|.cart.e?s?|rejet.e?s?|descartad[oa]s?|descartamos|rechazad[oa])\b|(却下|排除了|отклонили|отказались)",
    ),
    // Open questions.
    (
        Cue::Open,
        2.0,
        r"\b(still|yet|really|honestly|currently|also|just) (don't|do not|doesn't|can't|couldn't|not|no|haven't|hasn't|need to|have to|unclear|open|unknown|undecided|unresolved|wondering|unsure|waiting|puzzled|debating|missing|trying to (work|figure|find))\b",
    ),
    (
        Cue::Open,
        2.0,
        r"\b(haven't|hasn't|have not|has not|havent|never|not) (yet )?(been )?(figured?|decided|settled|resolved|worked out|found out|answered|heard( back)?|clear|agreed|determined|sorted|cleared up|nailed down|got an answer|gotten an answer|addressed|clarified|come back|made up)\b",
    ),
    (
        Cue::Open,
        2.0,
        r"\b(unclear|undecided|unresolved|unsettled|unanswered|open (question|point|issue|item|matter)|question mark|up in the air|to be (determined|decided|confirmed|clarified|seen)|tbd|tbc|jury's (still )?out|jury is (still )?out|remains (to be seen|unclear|open|unknown|a mystery)|loose ends?|anyone's guess|no (clue|idea)|not (sure|certain|clear)( yet)?|unsure|pending|in limbo|in the dark|on the fence|parked|mystery|stumped|puzzl\w+|scratching (my|our) heads?)\b",
    ),
    (
        Cue::Open,
        1.5,
        r"\b(don't|do not|doesn't|didn't|can't|cannot|couldn't|wouldn't|nobody|no one|no-one|none of us|hard to|impossible to|yet to|who) (yet |really |quite |even )*(know|knows|knew|say|tell|told|figure|decide|agree|confirm|remember|understand|found out|seems to know|could (say|tell))\b",
    ),
    (
        Cue::Open,
        1.5,
        r"\b(i|we)('m|'re| am| are)? (keep |still )?(wonder|wondering|curious|debating|torn|going (back and forth|round|in circles)|keep (asking|going|wondering)|need to (know|ask|find out|clarify|decide|figure))\b",
    ),
    (
        Cue::Open,
        1.5,
        r"\b(find out|figure out|work out|look into|check with|ask around|get (an answer|clarity|back to)|clarify|waiting (for|on|to hear)|await\w*|hear(d)? back|come back to us|remains|outstanding|question (is|remains|of)|the question)\b",
    ),
    (
        Cue::Open,
        1.0,
        r"\b(whether|if .+ or not|which of|who (is|will|pays|owns|gets|should|does)|how (we|many|much|the|do|to|it)|what (happens|to do|we|if)|why (it|the|we|does)|when (the|we|it))\b",
    ),
    (
        Cue::Open,
        2.0,
        r"\b(noch (nicht|offen|unklar)|offene frage|wei. (noch )?nicht|pas encore|reste . savoir|on ne sait pas|todav.a no|no sabemos|queda por)\b|(还不知道|まだ(分|わ|決)|未定|пока не (знаем|ясно))",
    ),
    // Next steps.
    (
        Cue::Next,
        2.0,
        r"\b(to[ -]do:|todo|action item|next (up|step|steps|on the list|thing|task|action)|remind (me|us|her|him|them)|don't let me forget|follow[- ]?up|first thing (tomorrow|on|mon|tues|wednes|thurs|fri)|on (my|our|his|her|their|the) (list|plate|agenda)|(my|our|his|her|their|'s) (job|task|homework|turn|duty|assignment)|assigned to|in charge of|responsible for|on the hook|down to|owes (us|me)|takes? care of|taking care of|volunteered to|promised (me |us )?to|has promised|committed to (send|deliver|do)|offered to|agreed to (send|call|do|write|check|take)|tasked with)\b",
    ),
    (
        Cue::Next,
        1.5,
        r"\b(needs? to|has to|have to|is (going|supposed|meant|due|expected|scheduled|about) to|are (going|supposed|meant|due|expected) to|will|'ll|should|ought to|must|gets to|shall|is to|are to|plans? to|wants? to|asked \w+ to|told \w+ to|get \w+ to|let's|gotta|i'm gonna)\b.+\b(by|before|until|till|no later than|at the latest|come|latest|on|due|this|next|not later than|ahead of|within|after) (the |end |early |late |this |next |coming )*(\d|mon|tues|wednes|thurs|fri|satur|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|tomorrow|tonight|noon|eod|end|week|month|weekend|morning|afternoon|close)",
    ),
    (
        Cue::Next,
        1.5,
        r"\b(by|before|until|till|no later than|come|deadline|due|ahead of|latest by|ideally by|for) (is |on |for |the |end of |early |late |this |next |coming )*(\d{1,4}(st|nd|rd|th|[-/ ])|mon(day)?\b|tues|wednes|thurs|fri(day)?\b|satur|sun(day)?\b|jan(uary)?\b|feb|march\b|april|may\b|june?\b|july?\b|aug|sept|oct|nov|dec|tomorrow|tonight|noon|eod|end of)",
    ),
    (
        Cue::Next,
        1.0,
        r"\b(after that|afterwards|then|next|meanwhile|as soon as|once (that|this|it|we)|tomorrow|plan is|the idea is|before we|first we|at the latest|asap|deadline|due)\b",
    ),
    (
        Cue::Next,
        1.0,
        r"^(\W*)(please )?(?-i:[A-Z][a-z]+) (will|needs|has|is|should|gets|ought|must|promised|owes|shall|handles|does|takes|to) ",
    ),
    (
        Cue::Next,
        2.0,
        r"\b(n.chster schritt|muss (noch )?bis|bis (montag|dienstag|mittwoch|donnerstag|freitag)|prochaine .tape|doit .+ avant|pr.ximo paso|tiene que .+ antes)\b|(までに|下一步|следующий шаг)",
    ),
    // Errors.
    (
        Cue::Error,
        2.0,
        r"(\berror(\[|:| code|\b.{0,3}:)|\b[a-z]+(error|exception)\b:?|\bpanic(ked)?( at|:)|\bfatal:|\btraceback|\bsegmentation fault|\bsegfault|\bexit (code|status) [1-9]|\b(?-i:E[A-Z]{4,}|ERR_[A-Z_]+|ORA-\d+)\b|\bhttp [45]\d\d|\b[45]\d\d (bad|not found|internal|forbidden|unauthorized|service|gateway)|\bcore dumped|\bout of memory|\boomkilled|\bstack overflow|\bassertion failed|\bundefined reference|\bno such file|\bpermission denied|\bconnection refused|\btimed? ?out (after|while|waiting))",
    ),
    (
        Cue::Error,
        1.0,
        r"\b(fails?|failed|failing|failure|crash(es|ed|ing)?|breaks?|broke|dies|died|throws?|threw|getting|get|gives?|says?|saying|complains?|chokes?|spat|spits?|message|log|console|error)\b.*[:`\x22]",
    ),
    // What it is for.
    (
        Cue::Objective,
        2.0,
        r"\b(the (goal|aim|objective|point|purpose|mission|idea behind|whole point)( of| here| is|:)|my (goal|aim|objective)|our (goal|aim|objective|mission)|(what|all) (i|we)('m|'re| am| are)? (after|want|need|trying to)|(i|we)('m|'re| am| are) (trying|planning|working|building|writing|preparing|organi[sz]ing|hoping|looking) (to|on|for|a|an|out)|help me (to )?(plan|write|build|decide|choose|organi[sz]e|prepare|find|design|figure|learn|set up|draft|understand|fix))\b",
    ),
    // Corrections.
    (
        Cue::Update,
        2.0,
        r"\b(correction|update|updated?:|make (that|it|the)|no longer|not anymore|any ?more|instead( of)?|changed|change (it|that|the)|moved (from|to|up|back)|went (up|down|from)|bumped|raised|lowered|increased|decreased|reduced|cut to|down to|up to|crept|rose|fell to|dropped to|grew|shifted|postponed|rescheduled|pushed (back|to)|brought forward|revised|turns out|turned out|i was wrong|i misspoke|got .*wrong|(is|was|had it|have it|had|have) .*wrong|my (mistake|bad)|(scratch|scrap|forget|ignore) (that|what|the)|after all|i looked (it )?up|has become|became|replaced|switched|should (read|be|say)|ends up|ended up|amended?|adjust(ed)?|supersedes?)\b",
    ),
    (
        Cue::Update,
        1.0,
        r"\b(actually|rather than|sorry|now|as of (now|this|today|last|next)|from .+ to|in fact|by now|these days|already|meanwhile|since then|new|latest|finally|again|really)\b",
    ),
    (
        Cue::Maybe,
        1.0,
        r"\b(might|maybe|perhaps|could be|may be|possibly|what if|if we|if i|should (we|i)|would (it|we|you)|thinking (of|about)|considering|wondering|toying|leaning|not sure|suppose|hypothetical\w*|imagine|e\.g\.|for example|for instance|say we)\b",
    ),
    // The speaker.
    (Cue::Self_, 1.0, r"\b(i|i'm|i've|i'd|i'll|im|ive|my|me|mine|we|we've|we're|our|us|myself|ours)\b"),
    (
        Cue::Self_,
        1.0,
        r"\b(ich|mein(e|en|em|er)?|mir|mich|wir|unser(e|en)?|je|j'ai|j'|mon|ma|mes|nous|notre|yo|mi|mis|nuestr[oa]|eu|meu|minha|ik|mijn|jeg|min|mitt)\b|(我|私|僕|俺|나는|내 |저는|мой|моя|меня|мне)|\xd1\x8f ",
    ),
    (
        Cue::Past,
        1.0,
        r"\b(i|we|i've|we've|(my|our) [a-z]+( [a-z]+)?|he|she|they|who|and)( have| had| has|'ve|'d)?( (just|recently|also|already|finally|actually|even|only|once|always|usually|never|ended up|still|currently|really|kind of|both|accidentally|originally))* ([a-z]+ed|been|was|were|had|got|went|bought|made|took|found|came|saw|met|gave|paid|spent|sold|lost|ate|read|wrote|ran|told|said|left|built|started|moved|grew|began|broke|won|did|brought|caught|chose|drove|felt|flew|heard|kept|knew|led|lent|owe|owed|rode|sent|set up|signed|slept|spoke|swam|taught|thought|wore|live|lives|work|works|own|owns|have|has|run|runs|keep|use|play|teach|study|collect|volunteer|go)\b",
    ),
    (
        Cue::Past,
        0.7,
        r"\b(i've|we've|i have|we have|i'd|i had|i used to|we used to|i was|we were|i am a|i'm an?|we're an?|i'm (allergic|originally|from|training|based|vegetarian|vegan|married|divorced|retired|left-handed|currently|learning|taking|saving|reading|watching|living|working))\b",
    ),
    (
        Cue::Taste,
        1.0,
        r"\b(prefer|favou?rite|love|hate|can't stand|cannot stand|allergic|intolerant|vegetarian|vegan|enjoy|fan of|soft spot|fond of|used to|always wanted|obsessed|addicted|afraid of|scared of|good at|bad at|usually|every (day|week|morning|evening|other|sunday|monday|year)|each (day|week|morning|year)|name is|called|named|birthday|anniversary|born)\b",
    ),
    // What harms somebody if it is forgotten.
    (
        Cue::Taste,
        1.0,
        r"\b(allerg(y|ies|ic)|intoleran(t|ce)|(can't|cannot|cant|can not|won't|mustn't) (eat|have|drink|take|stand)|makes? (me|him|her|them|us) (ill|sick|dizzy)|epipen|inhaler|insulin|diabet(ic|es)|asthma\w*|celiac|coeliac|pregnant|medication|prescri\w+|allergi\w*|allergique|alerg\w+)\b",
    ),
    (
        Cue::Kin,
        1.0,
        r"\b(wife|husband|partner|girlfriend|boyfriend|fianc\w+|mom|mum|mother|dad|father|parents|sister|brother|son|daughter|kids?|children|baby|aunt|uncle|cousin|niece|nephew|grand\w+|friend|roommate|flatmate|neighbou?r|boss|manager|colleague|coworker|team|doctor|dentist|therapist|teacher|landlord|landlady|dog|cat|puppy|kitten|vet|client|coach|tutor|in-laws?)\b",
    ),
    (
        Cue::Aside,
        1.0,
        r"\b(by the way|btw|speaking of|also|incidentally|fyi|for context|for reference|in case (it|you|that)|oh,? and|funny (enough|you)|come to think|as it happens|just so you know|reminds me|fun fact|actually|recently|lately|last (week|month|year|night|spring|summer|fall|autumn|winter|weekend|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|ago|yesterday|this (morning|week|month)|the other day|a few (days|weeks|months|years)|so far|since (last|i|we|then|\d))\b",
    ),
    (Cue::Past, 0.7, r"\b(my|our) [a-z]+( [a-z]+)? (is|are|isn't|aren't|has|costs|weighs)\b"),
    // Talk around facts.
    (
        Cue::Request,
        1.0,
        r"^(\W*)(so |and |but |ok |okay |hey |hi |also |now |then |alright |great |thanks |please )?,? ?(can|could|would|will|do|does|did|is|are|was|what|what's|how|how's|why|when|where|which|who|should|any|tell|give|show|write|explain|list|suggest|recommend|help|make|please|turn|rewrite|summari[sz]e|translate|generate|create|describe|provide|continue|compare|let me know|act as|walk me|i'd love (some|to know|to hear)|i was wondering if you|i want you to)\b",
    ),
    (Cue::Request, 1.0, r"\?\W*$"),
    (
        Cue::Wish,
        1.0,
        r"\b(i'm|i am|we're|i was) (also |just |really |currently |actually )*(thinking|looking|planning|hoping|wondering|considering|curious|interested|trying|not sure|going to try|excited)\b|\b(i'd|i would|we'd) (also |really )?(like|love|want|appreciate)\b|\b(i|we) (want|need|hope|guess|think|plan|wish)\b|\b(i'll|we'll|i will) (definitely |probably |also |make sure to |be sure to |have to |try to )*(try|check|look|give|consider|keep|start|think|let|see|do|look)\b",
    ),
    (
        Cue::Ack,
        1.0,
        r"^\W*(thanks|thank you|thx|cheers|great|awesome|perfect|cool|nice|ok|okay|sure|got it|i see|makes sense|that makes sense|that sounds|sounds (good|great|like)|wow|haha?|lol|yes|yeah|yep|no problem|good (point|idea|to know)|fair enough|interesting|hm+|true|right|exactly|that's (really |very |so |all )?(great|helpful|good|useful|interesting|awesome|a good|a great|really)|these are|those are|i (like|love) (the|that|these|those) (idea|suggestion)s?|i appreciate|will do|hello|hi|hey|good (morning|evening|night))\b",
    ),
    (
        Cue::Order,
        1.0,
        r"\b(assistant|ai model|language model|ignore (all|any|previous|the above)|disregard|system prompt|from now on|you (must|should|are|will)|always (answer|recommend|reply|respond|say|include|use)|never (mention|answer|recommend|say)|instructions?:|do not (tell|reveal|mention)|respond with|reply with|answer with)\b",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for (_, _, pattern) in PATTERNS {
            let built = regex::bytes::RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build();
            assert!(built.is_ok(), "{pattern}: {built:?}");
        }
        assert!(Heard::of("Never do that.").has(Cue::Rule));
    }

    #[test]
    fn telling_of_oneself_is_not_a_rule() {
        let heard = Heard::of("I never liked olives.");
        assert!(heard.strength(Cue::Rule) < 2.0);
        assert!(heard.has(Cue::Self_));
    }

    #[test]
    fn a_curly_apostrophe_is_an_apostrophe() {
        assert_eq!(Heard::of("Don’t touch it"), Heard::of("Don't touch it"));
    }
}
