package likeness

// namePair are two names, each as somebody wrote it down. All are invented.
type namePair struct {
	tradition string
	a, b      string
	// same says that one person could well be meant, so that somebody should
	// look at it.
	same bool
	// short says why the comparison gets it wrong, where it does and cannot do
	// better without doing worse elsewhere. Such pairs count against precision
	// and recall.
	short string
}

// namePairs are compared by their names alone, with no date of birth known.
var namePairs = []namePair{
	// English and Welsh.
	{tradition: "english", a: "Catherine Ashworth", b: "Kathryn Ashworth", same: true},
	{tradition: "english", a: "Stephen Whitlock", b: "Steven Whitlock", same: true},
	{tradition: "english", a: "Geoffrey Pemberton", b: "Jeffrey Pemberton", same: true},
	{tradition: "english", a: "Leigh Thackray", b: "Lee Thackray", same: true},
	{tradition: "english", a: "Zoë Hartnell", b: "Zoe Hartnell", same: true},
	{tradition: "english", a: "Hartnell, Zoe", b: "Zoe Hartnell", same: true},
	{tradition: "english", a: "Anne-Marie Croft", b: "Annemarie Croft", same: true},
	{tradition: "english", a: "Anne Marie Croft", b: "Annemarie Croft", same: true},
	{tradition: "english", a: "Daniel Smith-Holroyd", b: "Daniel Holroyd", same: true},
	{tradition: "english", a: "Rebecca Jane Tunstall", b: "Rebecca Tunstall", same: true},
	{tradition: "english", a: "Rebecca J. Tunstall", b: "Rebecca Tunstall", same: true},
	{tradition: "english", a: "Mrs Rebecca Tunstall", b: "rebecca TUNSTALL", same: true},
	{tradition: "english", a: "Michael Thornbury", b: "Micheal Thornbury", same: true},
	{tradition: "english", a: "Jonathan Thornbury", b: "Jonathan Thornbruy", same: true},
	{tradition: "english", a: "Siân Llewellyn", b: "Sian Llewelyn", same: true},
	{tradition: "english", a: "Rhys ap Gwilym", b: "Rhys Gwilym", same: true},
	{tradition: "english", a: "John Smith", b: "Jon Smyth", same: true},
	{tradition: "english", a: "John Smith", b: "Jane Smith"},
	{tradition: "english", a: "John Smith", b: "John Smithson"},
	{tradition: "english", a: "Robert Ashworth", b: "Rupert Ashworth"},
	{tradition: "english", a: "Robert Ashworth", b: "Roberta Ashworth"},
	{tradition: "english", a: "Martin Holroyd", b: "Marvin Holroyd"},
	{tradition: "english", a: "Kelly Croft", b: "Kayla Croft"},
	{tradition: "english", a: "Amy Croft", b: "Emma Croft"},
	{tradition: "english", a: "David Jones", b: "Dafydd Johns"},
	{tradition: "english", a: "J Smith", b: "John Smith"},
	{tradition: "english", a: "Smith", b: "Smith"},
	{tradition: "english", a: "Karen Whitlock", b: "Kieran Whitlock", short: "one sound and one skeleton: only the vowels differ"},
	{tradition: "english", a: "Bob Ashworth", b: "Robert Ashworth", same: true, short: "a diminutive, which is an alias to record"},

	// Irish.
	{tradition: "irish", a: "Siobhan Brennan", b: "Shivaun Brennan", same: true},
	{tradition: "irish", a: "Siobhán Ní Bhraonáin", b: "Siobhan Bhraonain", same: true},
	{tradition: "irish", a: "Niamh Gallagher", b: "Neve Gallagher", same: true, short: "one sound, but hardly a letter in common"},
	{tradition: "irish", a: "Caoimhe Devlin", b: "Keeva Devlin", same: true, short: "one sound, but hardly a letter in common"},
	{tradition: "irish", a: "Ciarán Devlin", b: "Kieran Devlin", same: true},
	{tradition: "irish", a: "Seán Devlin", b: "Shaun Devlin", same: true},
	{tradition: "irish", a: "Aoife O'Rourke", b: "Aoife O’Rourke", same: true},
	{tradition: "irish", a: "Aoife O'Rourke", b: "Aoife ORourke", same: true},
	{tradition: "irish", a: "Aoife O'Rourke", b: "Aoife O Rourke", same: true},
	{tradition: "irish", a: "Aoife O'Rourke", b: "Aoife Rourke", same: true},
	{tradition: "irish", a: "Padraig Gallagher", b: "Patrick Gallagher"},
	{tradition: "irish", a: "Siobhan Brennan", b: "Sinead Brennan"},
	{tradition: "irish", a: "Ciara Devlin", b: "Ciarán Devlin"},

	// Scottish.
	{tradition: "scottish", a: "Euan MacTavish", b: "Euan McTavish", same: true},
	{tradition: "scottish", a: "Euan Mac Tavish", b: "Euan McTavish", same: true},
	{tradition: "scottish", a: "Euan McTavish", b: "Ewan McTavish", same: true},
	{tradition: "scottish", a: "Mhairi Mackay", b: "Mairi McKay", same: true},
	{tradition: "scottish", a: "Catriona Geddes", b: "Katrina Geddes", same: true},
	{tradition: "scottish", a: "Isla MacTavish", b: "Eilidh MacTavish"},
	{tradition: "scottish", a: "Euan McDonald", b: "Euan McDougall"},

	// Punjabi.
	{tradition: "punjabi", a: "Jaswinder Kaur Dhanjal", b: "Jasvinder Kaur Dhanjal", same: true},
	{tradition: "punjabi", a: "Jaswinder Kaur Dhanjal", b: "Jaswinder Dhanjal", same: true},
	{tradition: "punjabi", a: "Gurpreet Kaur", b: "Gurprit Kaur", same: true},
	{tradition: "punjabi", a: "Kaur, Gurpreet", b: "Gurpreet Kaur", same: true},
	{tradition: "punjabi", a: "Gurpreet Kaur", b: "Gurpreet Kour", same: true},
	{tradition: "punjabi", a: "Harjinder Singh Bains", b: "Harjinder Bains", same: true},
	{tradition: "punjabi", a: "Gurpreet Kaur", b: "Harpreet Kaur"},
	{tradition: "punjabi", a: "Gurpreet Singh Gill", b: "Harpreet Singh Gill"},
	{tradition: "punjabi", a: "Gurpreet Singh", b: "Gurpreet Kaur"},
	{tradition: "punjabi", a: "Manjit Kaur", b: "Ranjit Kaur"},
	{tradition: "punjabi", a: "Baljit Kaur", b: "Daljit Kaur"},

	// South Asian Muslim.
	{tradition: "south asian muslim", a: "Mohammed Tariq Mehmood", b: "Muhammad Tariq Mahmood", same: true},
	{tradition: "south asian muslim", a: "Md Rafiqul Islam", b: "Mohammed Rafiqul Islam", same: true},
	{tradition: "south asian muslim", a: "Mohammed Rafiqul Islam", b: "Rafiqul Islam", same: true},
	{tradition: "south asian muslim", a: "Ayesha Siddiqui", b: "Aisha Siddiqi", same: true},
	{tradition: "south asian muslim", a: "Shabnam Begum Chowdhury", b: "Shabnam Choudhury", same: true},
	{tradition: "south asian muslim", a: "Nusrat Hussain", b: "Nusrat Hossain", same: true},
	{tradition: "south asian muslim", a: "Fatima Qureshi", b: "Fatimah Qureishi", same: true},
	{tradition: "south asian muslim", a: "Shabnam Begum", b: "Shabana Begum"},
	{tradition: "south asian muslim", a: "Mohammed Tariq Khan", b: "Mohammed Tahir Khan"},
	{tradition: "south asian muslim", a: "Mohammed Ali", b: "Mohammed Ali Rahimi Hussain"},
	{tradition: "south asian muslim", a: "Mohammed Khan", b: "Mohammed Imran Khan"},
	{tradition: "south asian muslim", a: "Ayesha Siddiqui", b: "Asma Siddiqui"},
	{tradition: "south asian muslim", a: "Amina Qureshi", b: "Amira Qureshi"},

	// Arabic.
	{tradition: "arabic", a: "Khalid al-Hassani", b: "Khaled Alhassani", same: true},
	{tradition: "arabic", a: "Khalid al-Hassani", b: "Khalid El Hassani", same: true},
	{tradition: "arabic", a: "Khalid al-Hassani", b: "Khalid Hasani", same: true},
	{tradition: "arabic", a: "Omar bin Khalid al-Masri", b: "Omar Masri", same: true},
	{tradition: "arabic", a: "Abd al-Rahman Haddad", b: "Abdulrahman Haddad", same: true},
	{tradition: "arabic", a: "Abdul Rahman Haddad", b: "Abdulrahman Haddad", same: true},
	{tradition: "arabic", a: "Sa'ad Haddad", b: "Saad Haddad", same: true},
	{tradition: "arabic", a: "Yousef Haddad", b: "Yusuf Hadad", same: true},
	{tradition: "arabic", a: "Mohamed Benali", b: "Muhammad Ben Ali", same: true},
	{tradition: "arabic", a: "محمد الحسني", b: "الحسني محمد", same: true},
	{tradition: "arabic", a: "Abdul Rahman Haddad", b: "Abdul Karim Haddad"},
	{tradition: "arabic", a: "Khalid al-Hassani", b: "Walid al-Hassani"},
	{tradition: "arabic", a: "Omar al-Masri", b: "Amir al-Masri"},
	{tradition: "arabic", a: "Samir Haddad", b: "Samira Haddad"},
	{tradition: "arabic", a: "محمد الحسني", b: "خالد الحسني"},

	// Somali.
	{tradition: "somali", a: "Abdi Hassan Warsame", b: "Cabdi Xasan Warsame", same: true},
	{tradition: "somali", a: "Abdi Hassan Warsame", b: "Abdi Warsame", same: true},
	{tradition: "somali", a: "Abdi Hassan Warsame", b: "Abdi Hassan", same: true},
	{tradition: "somali", a: "Maxamed Cali Guuleed", b: "Mohamed Ali Guled", same: true},
	{tradition: "somali", a: "Hodan Jama Farah", b: "Hodan Jaamac Faarax", same: true, short: "jaamac ends in a letter that is not written in English, and joins two slips"},
	{tradition: "somali", a: "Sahra Yusuf Elmi", b: "Zahra Yusuf Elmi", same: true},
	{tradition: "somali", a: "Abdi Hassan Warsame", b: "Abdi Hassan Guled"},
	{tradition: "somali", a: "Ahmed Ali", b: "Ahmed Ali Warsame"},
	{tradition: "somali", a: "Ahmed Ali Warsame", b: "Mohamed Ali Warsame"},
	{tradition: "somali", a: "Hodan Jama Farah", b: "Hibo Jama Farah"},

	// Polish.
	{tradition: "polish", a: "Łukasz Wiśniewski", b: "Lukasz Wisniewski", same: true},
	{tradition: "polish", a: "Agnieszka Kowalska", b: "Agnieszka Kowalski", same: true},
	{tradition: "polish", a: "Tomasz Nowak", b: "Tomasz Novak", same: true},
	{tradition: "polish", a: "Małgorzata Żukowska", b: "Malgorzata Zukowska", same: true},
	{tradition: "polish", a: "Wojciech Zielinski", b: "Wojcech Zieliński", same: true},
	{tradition: "polish", a: "Kowalska-Nowak Agnieszka", b: "Agnieszka Nowak", same: true},
	{tradition: "polish", a: "Tomasz Nowak", b: "Tadeusz Nowak"},
	{tradition: "polish", a: "Tomasz Nowak", b: "Tomasz Nowicki"},
	{tradition: "polish", a: "Anna Wiśniewska", b: "Hanna Wiśniewska"},

	// Ukrainian and Russian.
	{tradition: "ukrainian", a: "Oleksandr Kovalenko", b: "Aleksandr Kovalenko", same: true},
	{tradition: "ukrainian", a: "Oleksandr Kovalenko", b: "Alexander Kovalenko", same: true},
	{tradition: "ukrainian", a: "Yuliya Bondarenko", b: "Yulia Bondarenko", same: true},
	{tradition: "ukrainian", a: "Dmytro Tkachenko", b: "Dmitro Tkachenko", same: true},
	{tradition: "ukrainian", a: "Nataliia Petrivna Moroz", b: "Natalia Moroz", same: true},
	{tradition: "ukrainian", a: "Svetlana Ivanova", b: "Svitlana Ivanova", same: true},
	{tradition: "ukrainian", a: "Олена Мороз", b: "Мороз Олена", same: true},
	{tradition: "ukrainian", a: "Oleksandr Kovalenko", b: "Oleksiy Kovalenko"},
	{tradition: "ukrainian", a: "Oksana Kovalenko", b: "Oksana Kovalchuk"},
	{tradition: "ukrainian", a: "Serhiy Moroz", b: "Sergey Moroz", same: true, short: "Ukrainian h for Russian g is another consonant"},

	// Spanish and Portuguese.
	{tradition: "iberian", a: "María José García Quintana", b: "Maria Garcia", same: true},
	{tradition: "iberian", a: "María García Quintana", b: "Maria Garcia Quintana", same: true},
	{tradition: "iberian", a: "Javier Ibáñez Robledo", b: "Xavier Ibanez", same: true},
	{tradition: "iberian", a: "Joana da Conceição Tavares", b: "Joana Conceicao Tavares", same: true},
	{tradition: "iberian", a: "Inés de la Cruz Vidal", b: "Ines Delacruz", same: true},
	{tradition: "iberian", a: "Gonçalo de Souza", b: "Goncalo D'Souza", same: true},
	{tradition: "iberian", a: "Luis Fernández", b: "Luiz Fernandes", same: true},
	{tradition: "iberian", a: "María García Quintana", b: "María García Robledo"},
	{tradition: "iberian", a: "Javier Ibáñez", b: "Julián Ibáñez"},
	{tradition: "iberian", a: "Mariana Tavares", b: "Maria Tavares"},

	// Vietnamese.
	{tradition: "vietnamese", a: "Nguyễn Văn Dũng", b: "Nguyen Van Dung", same: true},
	{tradition: "vietnamese", a: "Nguyễn Văn Dũng", b: "Dung Nguyen", same: true},
	{tradition: "vietnamese", a: "Trần Thị Hương", b: "Huong Thi Tran", same: true},
	{tradition: "vietnamese", a: "Lê Minh", b: "Minh Le", same: true},
	{tradition: "vietnamese", a: "Lê Văn Minh", b: "Minh Le", same: true},
	{tradition: "vietnamese", a: "Nguyen Van Dung", b: "Nguyen Van Hai"},
	{tradition: "vietnamese", a: "Nguyen Thi Huong", b: "Nguyen Thi Lan"},
	{tradition: "vietnamese", a: "Nguyen Van", b: "Nguyen Van Dung"},
	{tradition: "vietnamese", a: "Tran Thi Huong", b: "Nguyen Thi Huong"},

	// Chinese.
	{tradition: "chinese", a: "Wang Xiaoming", b: "Xiaoming Wang", same: true},
	{tradition: "chinese", a: "Wang Xiao Ming", b: "Xiaoming Wang", same: true},
	{tradition: "chinese", a: "Wang Xiao-Ming", b: "Xiao Ming Wang", same: true},
	{tradition: "chinese", a: "Li Meiling", b: "Meiling Lee", same: true, short: "names of two letters sound alike too often to be told by it"},
	{tradition: "chinese", a: "Grace Chan Wai Yee", b: "Chan Wai Yee", same: true},
	{tradition: "chinese", a: "王小明", b: "小明 王", same: true},
	{tradition: "chinese", a: "王小明", b: "王小紅"},
	{tradition: "chinese", a: "Wang Xiaoming", b: "Wang Xiaohong"},
	{tradition: "chinese", a: "Zhang Wei", b: "Zhao Wei"},
	{tradition: "chinese", a: "Chan Wai Yee", b: "Chan Wai Man"},
	{tradition: "chinese", a: "Li Meiling", b: "Liu Meiling"},

	// Nigerian and Ghanaian.
	{tradition: "west african", a: "Oluwaseun Adebayo", b: "Oluwaseun Ade-Bayo", same: true},
	{tradition: "west african", a: "Olúwaṣeun Adébáyọ̀", b: "Oluwaseun Adebayo", same: true},
	{tradition: "west african", a: "Chukwuemeka Okonkwo", b: "Okonkwo Chukwuemeka John", same: true},
	{tradition: "west african", a: "Ngozi Okonkwo", b: "Ngozi Okonkwu", same: true},
	{tradition: "west african", a: "Kwabena Agyeman", b: "Kwabena Agyemang", same: true},
	{tradition: "west african", a: "Oluwaseun Adebayo", b: "Oluwatobi Adebayo"},
	{tradition: "west african", a: "Kwame Mensah", b: "Kwabena Mensah"},
	{tradition: "west african", a: "Chukwuemeka Okonkwo", b: "Chukwudi Okonkwo"},

	// Turkish and Kurdish.
	{tradition: "turkish", a: "Ayşe Yıldız", b: "Ayse Yildiz", same: true},
	{tradition: "turkish", a: "Ayşe Yıldız", b: "Ayshe Yildiz", same: true},
	{tradition: "turkish", a: "Çağlar Öztürk", b: "Caglar Ozturk", same: true},
	{tradition: "turkish", a: "İBRAHİM ÖZTÜRK", b: "Ibrahim Ozturk", same: true},
	{tradition: "turkish", a: "Ahmet Yilmaz", b: "Ahmed Yılmaz", same: true},
	{tradition: "turkish", a: "Mehmet Yilmaz", b: "Murat Yilmaz"},
	{tradition: "turkish", a: "Ayşe Yıldız", b: "Aslı Yıldız"},

	// Nordic.
	{tradition: "nordic", a: "Jón Þór Gunnarsson", b: "Jon Thor Gunnarsson", same: true},
	{tradition: "nordic", a: "Guðrún Jónsdóttir", b: "Gudrun Jonsdottir", same: true},
	{tradition: "nordic", a: "Søren Ørsted", b: "Soren Orsted", same: true},
	{tradition: "nordic", a: "Jón Gunnarsson", b: "Anna Gunnarsdóttir"},
	{tradition: "nordic", a: "Jón Gunnarsson", b: "Gunnar Jónsson"},
	{tradition: "nordic", a: "Jón Þór Gunnarsson", b: "Jón Páll Gunnarsson"},

	// Dutch and German.
	{tradition: "dutch and german", a: "Willem van der Berg", b: "Willem Vanderberg", same: true},
	{tradition: "dutch and german", a: "Willem van den Berg", b: "Willem Berg", same: true},
	{tradition: "dutch and german", a: "Jürgen Müller", b: "Juergen Mueller", same: true},
	{tradition: "dutch and german", a: "Hannah Schmidt", b: "Hanna Schmitt", same: true},
	{tradition: "dutch and german", a: "van Gogh", b: "Vincent van Gogh", short: "van is a name in Vietnam: who asks for van Gogh alone is refused before this"},
	{tradition: "dutch and german", a: "Willem van der Berg", b: "Pieter van der Berg"},

	// Tamil, Gujarati and Hindi.
	{tradition: "indian", a: "Priya Subramaniam", b: "Priya Subramanian", same: true},
	{tradition: "indian", a: "Priya Subramaniam", b: "Subramaniam Priya", same: true},
	{tradition: "indian", a: "Lakshmi Venkatesan", b: "Laxmi Venkatesan", same: true},
	{tradition: "indian", a: "Bhavesh Patel", b: "Bavesh Patel", same: true},
	{tradition: "indian", a: "Priya Patel", b: "Pooja Patel"},
	{tradition: "indian", a: "Suresh Patel", b: "Rajesh Patel"},
	{tradition: "indian", a: "Anil Patel", b: "Sunil Patel"},
}
